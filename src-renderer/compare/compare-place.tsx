import { RunPicker } from './run-picker.tsx';

interface ComparePlaceProps {
  readonly left: string;
  readonly right: string | undefined;
  readonly node: string | undefined;
}

/** Two runs side by side. */
export function ComparePlace({ left }: ComparePlaceProps) {
  return <RunPicker left={left} />;
}
