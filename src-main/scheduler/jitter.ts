/**
 * How long after its nominal time an occurrence starts, in whole ms: below `jitterSeconds` and below the gap to the next occurrence
 * (infinite where none follows), so that no two change places. The same occurrence always gets the same.
 */
export function jitterMs(scheduleId: string, nominalTime: number, jitterSeconds: number, gapMs: number): number {
  const most = Math.min(jitterSeconds * 1000, gapMs);
  return most < 1 ? 0 : hash(`${scheduleId}@${nominalTime}`) % Math.floor(most);
}

/** FNV-1a with the finish of MurmurHash3 (https://github.com/aappleby/smhasher): 32 bits that each depend on the whole text. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
