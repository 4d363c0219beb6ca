import type { PageInfo } from '../contract/shapes.ts';

/** The `Link` header of a page (RFC 8288): `next` and `prev`, relative to this server; empty when it stands alone. */
export function pageLinks(url: string, { next, prev }: PageInfo): string {
  const [path = '', query = ''] = url.split('?');
  const link = (parameter: 'after' | 'before', cursor: string | null, rel: string): string[] => {
    if (cursor === null) return [];
    const parameters = new URLSearchParams(query);
    parameters.delete('after');
    parameters.delete('before');
    parameters.set(parameter, cursor);
    return [`<${path}?${parameters}>; rel="${rel}"`];
  };
  return [...link('after', next, 'next'), ...link('before', prev, 'prev')].join(', ');
}
