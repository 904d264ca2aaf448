/** A request target, as it was sent: nothing is decoded or resolved. */
export interface Target {
  readonly path: string;
  readonly query: string;
}

/** Takes the target of a request line apart: `/path?query`, or `http://host/path?query` as proxies are sent it. */
export function targetOf(url: string): Target {
  const origin = url.startsWith('/') ? url : originForm(url);
  const mark = origin.indexOf('?');
  if (mark < 0) return { path: origin, query: '' };
  return { path: origin.slice(0, mark), query: origin.slice(mark + 1) };
}

function originForm(url: string): string {
  const scheme = url.indexOf('://');
  const end = url.slice(scheme + 3).search(/[/?]/);
  // `*` asks about the server as a whole, and so does an address without a path.
  if (scheme < 0 || end < 0) return '/';
  const rest = url.slice(scheme + 3 + end);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
