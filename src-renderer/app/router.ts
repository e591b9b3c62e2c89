import { useSyncExternalStore } from 'react';
import { assertNever } from '#shared/errors';

/** The places of the window. The address after # names one, so that back, forward and reload work. */
export type Route =
  | { readonly place: 'library' }
  /** `fork`: of this run, from its event of that version on. `schedule`: with the form of that schedule open, named by its key. */
  | { readonly place: 'edit'; readonly workflowId: string; readonly fork?: { readonly run: string; readonly version: number }; readonly schedule?: string }
  | { readonly place: 'runs'; readonly workflowId?: string }
  /** `version`: as the run was after that event. */
  | { readonly place: 'run'; readonly runId: string; readonly version?: number }
  /** Without `right` it is still to be chosen; `node`: whose rows are compared. */
  | { readonly place: 'compare'; readonly left: string; readonly right?: string; readonly node?: string }
  /** Without `view` it is the list. `schedule`: the id of the one it is about. */
  | { readonly place: 'schedules'; readonly view?: SchedulesView; readonly schedule?: string }
  | { readonly place: 'monitor' }
  | { readonly place: 'settings'; readonly view?: 'connections' };
export type Place = Route['place'];
const SCHEDULES_VIEWS = ['calendar', 'history'] as const;
export type SchedulesView = (typeof SCHEDULES_VIEWS)[number];

/** Reads an address; an unknown one is the library. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [place, id, other] = path.split('/').map(decodePart);
  if (place === 'edit' && id) {
    const asked = new URLSearchParams(query);
    const [, run, version] = /^(.+)@(\d{1,9})$/.exec(asked.get('fork') ?? '') ?? [];
    const schedule = asked.get('schedule');
    return { place, workflowId: id, ...(run === undefined || Number(version) < 1 ? {} : { fork: { run, version: Number(version) } }), ...(schedule === null ? {} : { schedule }) };
  }
  if (place === 'runs') {
    const asked = new URLSearchParams(query);
    const workflowId = asked.get('workflow');
    const version = Number(asked.get('at'));
    if (id) return Number.isSafeInteger(version) && version > 0 ? { place: 'run', runId: id, version } : { place: 'run', runId: id };
    return workflowId === null ? { place } : { place, workflowId };
  }
  if (place === 'compare' && id) {
    const node = new URLSearchParams(query).get('node');
    return { place, left: id, ...(other ? { right: other } : {}), ...(other && node ? { node } : {}) };
  }
  if (place === 'schedules') {
    const view = SCHEDULES_VIEWS.find((one) => one === id);
    const schedule = new URLSearchParams(query).get('schedule');
    return { place, ...(view === undefined ? {} : { view }), ...(schedule ? { schedule } : {}) };
  }
  if (place === 'settings') return id === 'connections' ? { place, view: id } : { place };
  if (place === 'monitor') return { place };
  return { place: 'library' };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What stands behind the ? of an address; nothing where nothing is asked. */
function asking(wishes: Readonly<Record<string, string | undefined>>): string {
  const said = Object.entries(wishes).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
  return said.length === 0 ? '' : `?${said.join('&')}`;
}

/** The address of a place, for links. */
export function href(route: Route): string {
  switch (route.place) {
    case 'edit':
      return `#/edit/${encodeURIComponent(route.workflowId)}${asking({ fork: route.fork === undefined ? undefined : `${route.fork.run}@${route.fork.version}`, schedule: route.schedule })}`;
    case 'run':
      return `#/runs/${encodeURIComponent(route.runId)}${route.version === undefined ? '' : `?at=${route.version}`}`;
    case 'compare': {
      const node = route.node === undefined ? '' : `?node=${encodeURIComponent(route.node)}`;
      return `#/compare/${encodeURIComponent(route.left)}${route.right === undefined ? '' : `/${encodeURIComponent(route.right)}${node}`}`;
    }
    case 'runs':
      return route.workflowId === undefined ? '#/runs' : `#/runs?workflow=${encodeURIComponent(route.workflowId)}`;
    case 'schedules':
      return `#/schedules${route.view === undefined ? '' : `/${route.view}`}${asking({ schedule: route.schedule })}`;
    case 'settings':
      return `#/settings${route.view === undefined ? '' : `/${route.view}`}`;
    case 'library':
    case 'monitor':
      return `#/${route.place}`;
    default:
      return assertNever(route);
  }
}

/** Goes to a place. */
export const go = (route: Route): void => {
  window.location.hash = href(route);
};

/** Lets the address name another moment of the same place, without a step back for each. */
export const nameMoment = (route: Route): void => window.history.replaceState(window.history.state, '', href(route));

const subscribe = (changed: () => void): (() => void) => {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
};

let last: { readonly hash: string; readonly route: Route } | null = null;

/** Where the window is at this moment; the same object while it stays there. */
export function routeNow(): Route {
  const { hash } = window.location;
  if (last?.hash !== hash) last = { hash, route: parseRoute(hash) };
  return last.route;
}

/** Where the window is now. */
export const useRoute = (): Route => useSyncExternalStore(subscribe, routeNow);
