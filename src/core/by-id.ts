/** Records by their ids as text. */
export const byId = <R extends { readonly _id: unknown }>(records: readonly R[]): Map<string, R> =>
  new Map(records.map((record) => [String(record._id), record]));
