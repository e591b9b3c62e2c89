import type { LogLine, RunUpdate } from '#shared/contract/runs';
import { number, printable, printAside } from './output.ts';

/** One line at the foot of the terminal that says how far the run is; what is printed meanwhile goes above it. */
export interface LiveLine {
  show(progress: RunUpdate & { readonly kind: 'progress' }): void;
  above(lines: readonly LogLine[]): void;
  end(): void;
}

export function createLiveLine(shown: boolean): LiveLine {
  let current = '';
  const draw = (line: string): void => {
    if (!shown) return;
    current = line.slice(0, Math.max(20, (process.stderr.columns || 80) - 1));
    process.stderr.write(`\r\u001B[2K${printable(current)}`);
  };
  return {
    show({ segment, fraction, nodes }) {
      const last = nodes.at(-1);
      if (last === undefined) return;
      const rows = Object.values(last.rowsOut).reduce((sum, count) => sum + count, 0) || last.rowsIn;
      const share = fraction === null ? '' : `${Math.round(fraction * 100)} %  `;
      draw(`▸ ${segment}  ${share}${last.estimated ? '≈ ' : ''}${number(rows)} rows  ${number(last.rowsPerSecond)} rows/s`);
    },
    above(lines) {
      const before = current;
      draw('');
      for (const line of lines) {
        // Into a file or another program go the rows as they are.
        if (line.level === 'info') process.stdout.write(`${process.stdout.isTTY ? printable(line.text) : line.text}\n`);
        else printAside(`millrace: ${line.node === null ? '' : `node "${line.node}": `}${line.text}\n`);
      }
      draw(before);
    },
    end: () => draw(''),
  };
}
