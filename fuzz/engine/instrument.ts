// A module's source to the same module that counts where it goes: one counter for each place that a branch may lead to
// (a block, an arm of `?:`, the right side of `&&`, `||` and `??`, a case, the way past an `if`). Done on the text, at the
// positions of TypeScript's own tree, so that all else stays as it was written.

import ts from 'typescript'

export interface Instrumented {
  readonly source: string
  /** How many counters are in it; their numbers begin at `from`. */
  readonly counters: number
  /** Texts and numbers that the module compares with: words for the mutations. */
  readonly literals: readonly (string | number)[]
}

/** The global that holds the counters: a Uint8Array, which wraps around. */
export const counterGlobal = '__postern_fuzz_counters'

export function instrument(fileName: string, text: string, from: number): Instrumented {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2023, true)
  const opens: { readonly at: number; readonly text: string }[] = []
  const closes: { readonly at: number; readonly text: string }[] = []
  const literals: (string | number)[] = []
  let counters = 0

  const count = (): string => `__c[${from + counters++}]++`
  const expression = (node: ts.Node): void => {
    opens.push({ at: node.getStart(file), text: `(${count()},` })
    closes.push({ at: node.getEnd(), text: ')' })
  }
  const statement = (node: ts.Node, after = ''): void => {
    const isBlock = ts.isBlock(node)
    opens.push({ at: node.getStart(file) + (isBlock ? 1 : 0), text: `${isBlock ? '' : '{'}${count()};` })
    const close = `${isBlock ? '' : '}'}${after}`
    if (close !== '') closes.push({ at: node.getEnd(), text: close })
  }

  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return
    if (ts.isStringLiteral(node)) literals.push(node.text)
    if (ts.isNumericLiteral(node)) literals.push(Number(node.text))
    if (ts.isIfStatement(node)) {
      statement(node.thenStatement, node.elseStatement ? '' : `else{${count()}}`)
      if (node.elseStatement) statement(node.elseStatement)
    } else if (ts.isConditionalExpression(node)) {
      expression(node.whenTrue)
      expression(node.whenFalse)
    } else if (ts.isBinaryExpression(node) && shortCircuits.has(node.operatorToken.kind)) {
      expression(node.right)
    } else if (ts.isIterationStatement(node, false)) {
      statement(node.statement)
    } else if (ts.isCaseOrDefaultClause(node)) {
      const [first] = node.statements
      if (first !== undefined) opens.push({ at: first.getStart(file), text: `${count()};` })
    } else if (ts.isCatchClause(node)) {
      statement(node.block)
    } else if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const body = node.body as ts.Node
      if (ts.isBlock(body)) statement(body)
      else expression(body)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)

  return { source: `const __c = globalThis.${counterGlobal};${woven(text, opens, closes)}`, counters, literals }
}

const shortCircuits: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])

interface Piece {
  readonly at: number
  readonly text: string
}

/** What opens was found from the outside in, so what closes at one place goes from the inside out, before what opens. */
function woven(text: string, opens: readonly Piece[], closes: readonly Piece[]): string {
  const pieces = [...closes.toReversed(), ...opens].sort((one, other) => one.at - other.at)
  let out = ''
  let at = 0
  for (const piece of pieces) {
    out += text.slice(at, piece.at) + piece.text
    at = piece.at
  }
  return out + text.slice(at)
}
