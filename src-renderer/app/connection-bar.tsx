import { useEffect, useState } from 'react';
import { useConnection } from '../client/connection.ts';
import { inElectron } from '../client/link.ts';
import { useText } from '../i18n/use-text.ts';
import { Spinner } from '../ui/spinner.tsx';
import { appText } from './text.ts';

/** Says that the studio does not answer, for as long as it does not. */
export function ConnectionBar() {
  const { t, f } = useText();
  const connection = useConnection();
  const [now, setNow] = useState(0);
  const lost = connection.state === 'lost';
  useEffect(() => {
    if (!lost) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [lost]);
  if (connection.state !== 'lost') return null;
  const waited = Math.floor(Math.max(0, now - connection.since) / 1000) * 1000;
  return (
    <div role="alert" className="flex h-8 shrink-0 items-center justify-center gap-2 bg-interrupted-soft text-sm font-medium text-interrupted">
      {inElectron() ? null : <Spinner />}
      {t(inElectron() ? appText.lostElectron : appText.lost)}
      {waited >= 3000 && !inElectron() ? <span className="font-normal">{t(appText.lostFor, f.duration(waited))}</span> : null}
    </div>
  );
}
