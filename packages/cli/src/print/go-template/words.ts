// The first cut of a template: text, and the words of each `{{ action }}`. `{{-` and `-}}` take the white space beside
// them away; `{{/* … */}}` is nothing.

import { TemplateError } from './syntax.ts'

export type Chunk = { readonly text: string } | { readonly action: readonly Word[]; readonly line: number }

export interface Word {
  readonly kind: 'string' | 'number' | 'path' | 'variable' | 'name' | 'sign'
  readonly text: string
}

/** Throws TemplateError for an action that does not end, or a character that no action can hold. */
export function cut(source: string): readonly Chunk[] {
  const chunks: Chunk[] = []
  let at = 0
  let trimNext = false
  const addText = (raw: string, trimEnd: boolean): void => {
    const begun = trimNext ? raw.trimStart() : raw
    chunks.push({ text: trimEnd ? begun.trimEnd() : begun })
  }
  for (;;) {
    const open = source.indexOf('{{', at)
    if (open === -1) break
    const trims = /^-\s/.test(source.slice(open + 2, open + 4))
    addText(source.slice(at, open), trims)
    const line = source.slice(0, open).split('\n').length
    const action = readAction(source, { from: open + (trims ? 3 : 2), line })
    chunks.push({ action: action.words, line })
    at = action.end
    trimNext = action.trims
  }
  addText(source.slice(at), false)
  return chunks
}

const shapes: readonly (readonly [Word['kind'] | 'space' | 'comment' | 'end', RegExp])[] = [
  ['end', /\s+-\}\}|\}\}/y],
  ['comment', /\/\*[\s\S]*?\*\//y],
  ['space', /\s+/y],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/y],
  ['number', /-?\d+(?:\.\d+)?/y],
  ['variable', /\$\w*/y],
  ['path', /\.\w*/y],
  ['name', /[a-zA-Z_]\w*/y],
  ['sign', /:=|[=|(),]/y],
]

function readAction(
  source: string,
  { from, line }: { readonly from: number; readonly line: number },
): { readonly words: readonly Word[]; readonly end: number; readonly trims: boolean } {
  const words: Word[] = []
  let at = from
  while (at < source.length) {
    const found = match(source, at)
    if (found === undefined) throw new TemplateError(`line ${line}: unexpected "${source[at]}" in an action`)
    at += found.text.length
    if (found.kind === 'end') return { words, end: at, trims: found.text.trim() === '-}}' }
    if (found.kind === 'comment' || found.kind === 'space') {
      // A blank before a field begins another argument: `.a .b` is two, `.a.b` one.
      words.push({ kind: 'sign', text: ' ' })
    } else words.push({ kind: found.kind, text: found.text })
  }
  throw new TemplateError(`line ${line}: an action is not closed by }}`)
}

function match(source: string, at: number) {
  for (const [kind, shape] of shapes) {
    shape.lastIndex = at
    const text = shape.exec(source)?.[0]
    if (text !== undefined) return { kind, text }
  }
  return undefined
}
