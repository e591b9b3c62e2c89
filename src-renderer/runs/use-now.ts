import { useEffect, useState } from 'react';

/** The clock, ticking every `ms`; `going: false` stops it. */
export function useNow(ms: number, going = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!going) return undefined;
    const timer = setInterval(() => setNow(Date.now()), ms);
    return () => clearInterval(timer);
  }, [ms, going]);
  return now;
}

/** A value that has stood still for `ms`. */
export function useDebounced<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
