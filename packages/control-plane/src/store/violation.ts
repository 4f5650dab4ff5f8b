// What the database says when a rule that it holds was about to be broken. `pg` and PGlite report alike.

/** True when a write failed on this unique constraint or index: somebody else was first. */
export const breaksUnique = (error: unknown, constraint: string): boolean =>
  error instanceof Error && fieldOf(error, 'code') === '23505' && fieldOf(error, 'constraint') === constraint

const fieldOf = (error: object, name: string): unknown => (name in error ? Reflect.get(error, name) : undefined)
