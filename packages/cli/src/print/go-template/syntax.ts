// What a template is made of once it is read: pieces that follow each other, and the expressions inside of them.

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipe: Pipe }
  | BlockPiece

export interface BlockPiece {
  readonly kind: 'if' | 'with' | 'range'
  readonly pipe: Pipe
  readonly then: readonly Piece[]
  readonly otherwise: readonly Piece[]
}

/** `$a, $b := command | command`. */
export interface Pipe {
  /** Without `$`; none: the value is not kept. */
  readonly names: readonly string[]
  /** `=` on a variable that there is already, in place of `:=`. */
  readonly assigns: boolean
  readonly commands: readonly (readonly Term[])[]
}

/** `path`: the fields that are followed from there. */
export type Term =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'dot'; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly kind: 'group'; readonly pipe: Pipe; readonly path: readonly string[] }
  | { readonly kind: 'function'; readonly name: string }

/** A template that cannot be read or carried out; the message says where, or what with. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}
