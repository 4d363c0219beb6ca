import type { RouteContract, RouteTable } from './route.ts';

/** Routes of one kind of caller, under one base path. */
export interface Surface {
  readonly base: '' | `/${string}`;
  readonly features: Readonly<Record<string, RouteTable>>;
}

export type Surfaces = Readonly<Record<string, Surface>>;

/** One route with its names, and its full path as Express writes it. */
export interface Operation {
  readonly surface: string;
  readonly feature: string;
  readonly name: string;
  readonly path: string;
  readonly route: RouteContract;
}

/** Every operation of an API, in the order of its tables. */
export const operationsOf = (surfaces: Surfaces): Operation[] =>
  Object.entries(surfaces).flatMap(([surface, { base, features }]) =>
    Object.entries(features).flatMap(([feature, routes]) =>
      Object.entries(routes).map(([name, route]) => ({
        surface,
        feature,
        name,
        path: base + route.path,
        route,
      })),
    ),
  );
