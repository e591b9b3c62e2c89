import { useSyncExternalStore } from 'react';
import { assertNever } from '#shared/errors';

/** The places of the window. The address after # names one, so that back, forward and reload work. */
export type Route =
  | { readonly place: 'library' }
  | { readonly place: 'edit'; readonly workflowId: string }
  | { readonly place: 'runs'; readonly workflowId?: string }
  | { readonly place: 'run'; readonly runId: string }
  | { readonly place: 'monitor' }
  | { readonly place: 'settings' };
export type Place = Route['place'];

/** Reads an address; an unknown one is the library. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [place, id] = path.split('/').map(decodePart);
  if (place === 'edit' && id) return { place, workflowId: id };
  if (place === 'runs') {
    const workflowId = new URLSearchParams(query).get('workflow');
    if (id) return { place: 'run', runId: id };
    return workflowId === null ? { place } : { place, workflowId };
  }
  if (place === 'monitor' || place === 'settings') return { place };
  return { place: 'library' };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a place, for links. */
export function href(route: Route): string {
  switch (route.place) {
    case 'edit':
      return `#/edit/${encodeURIComponent(route.workflowId)}`;
    case 'run':
      return `#/runs/${encodeURIComponent(route.runId)}`;
    case 'runs':
      return route.workflowId === undefined ? '#/runs' : `#/runs?workflow=${encodeURIComponent(route.workflowId)}`;
    case 'library':
    case 'monitor':
    case 'settings':
      return `#/${route.place}`;
    default:
      return assertNever(route);
  }
}

/** Goes to a place. */
export const go = (route: Route): void => {
  window.location.hash = href(route);
};

const subscribe = (changed: () => void): (() => void) => {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
};

let last: { readonly hash: string; readonly route: Route } | null = null;
function current(): Route {
  const { hash } = window.location;
  if (last?.hash !== hash) last = { hash, route: parseRoute(hash) };
  return last.route;
}

/** Where the window is now. */
export const useRoute = (): Route => useSyncExternalStore(subscribe, current);
