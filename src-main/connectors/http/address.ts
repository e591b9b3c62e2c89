import { BlockList, isIP } from 'node:net';
import { StudioError } from '#shared/errors';

const closed = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const) closed.addSubnet(net, bits, 'ipv4');
// Addresses of this computer and of networks that are not the internet; Teredo (2001::/32) hides another address in itself.
for (const [net, bits] of [['::', 128], ['::1', 128], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8], ['2001::', 32], ['2001:db8::', 32], ['64:ff9b:1::', 48], ['100::', 64]] as const) closed.addSubnet(net, bits, 'ipv6');

const numbers = (groups: string): readonly number[] => (groups === '' ? [] : groups.split(':').map((group) => Number.parseInt(group, 16)));
const v4 = (high = 0, low = 0): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');

/** The eight groups of an IPv6 address in any spelling. */
function groupsOf(address: string): readonly number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const plain = dotted === null ? address : `${dotted[1] ?? ''}${(Number(dotted[2]) * 256 + Number(dotted[3])).toString(16)}:${(Number(dotted[4]) * 256 + Number(dotted[5])).toString(16)}`;
  const [before = '', after] = plain.split('::');
  const [head, tail] = [numbers(before), numbers(after ?? '')];
  return [...head, ...Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => 0), ...tail];
}

/** The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64 or 6to4. */
function embedded(address: string): string | null {
  const groups = groupsOf(address);
  const zeros = (count: number): boolean => groups.slice(0, count).every((group) => group === 0);
  if (zeros(5) && groups[5] === 0xffff) return v4(groups[6], groups[7]);
  if (zeros(4) && groups[4] === 0xffff && groups[5] === 0) return v4(groups[6], groups[7]);
  if (zeros(6) && !(groups[6] === 0 && (groups[7] ?? 0) < 2)) return v4(groups[6], groups[7]);
  if (groups[0] === 0x64 && groups[1] === 0xff9b && groups.slice(2, 6).every((group) => group === 0)) return v4(groups[6], groups[7]);
  return groups[0] === 0x2002 ? v4(groups[1], groups[2]) : null;
}

/** Does this IP address lead to this computer, the network it is in, or a cloud's metadata: anywhere but the internet? What is no IP address does. */
export function isPrivate(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 0) return true;
  if (family === 4) return closed.check(bare, 'ipv4');
  const inner = embedded(bare);
  return inner === null ? closed.check(bare, 'ipv6') : closed.check(inner, 'ipv4');
}

/** What is said of an address that a request may not reach. */
export const refusedAddress = (host: string, address: string): StudioError =>
  new StudioError('permission', `${host === address ? address : `${host} (${address})`} is a private address: it leads to this computer or the network it is in, not to the internet.`, {
    place: 'url', remedy: 'If that is meant, use a connection of the kind “Web service” that allows private addresses (Settings → Connections).',
  });

/** Throws where the address is none of the web, holds a login, or names a private IP address that is not allowed. */
export function checkAddress(url: URL, allowPrivate: boolean): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new StudioError('permission', `Requests go to http: and https: addresses, not to ${url.protocol}`, { place: 'url', remedy: 'Write the address of a web service.' });
  if (url.username !== '' || url.password !== '') throw new StudioError('invalid_input', 'The address holds a user or a password.', { place: 'url', remedy: 'Make a connection with the login “User and password” and take it out of the address.' });
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) !== 0 && isPrivate(host)) throw refusedAddress(host, host);
}
