// Terraform blocks, laid out as `terraform fmt` lays them out.

/** An expression (a reference, `true`, `50`), written as it is; texts are quoted. */
export interface Expression {
  readonly expression: string
}
export const expression = (text: string): Expression => ({ expression: text })

type Value = string | readonly string[] | Expression
export interface Block {
  /** `resource "aws_vpc_endpoint" "app"` has two labels. */
  readonly type: string
  readonly labels?: readonly string[]
  /** Those that are undefined are left out. */
  readonly attributes: Readonly<Record<string, Value | undefined>>
  readonly blocks?: readonly Block[]
}

export const hcl = (blocks: readonly Block[]): string => blocks.map((block) => lines(block).join('\n')).join('\n\n')

function lines({ type, labels = [], attributes, blocks = [] }: Block): readonly string[] {
  const given = Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
  const width = Math.max(0, ...given.map(({ name }) => name.length))
  const head = [type, ...labels.map(quoted)].join(' ')
  const inner = [
    ...given.map(({ name, value }) => `${name.padEnd(width)} = ${written(value)}`),
    ...blocks.flatMap((block) => ['', ...lines(block)]),
  ]
  return [`${head} {`, ...inner.map((line) => (line === '' ? '' : `  ${line}`)), '}']
}

function written(value: Value): string {
  if (typeof value === 'string') return quoted(value)
  return 'expression' in value ? value.expression : `[${value.map(quoted).join(', ')}]`
}

/** JSON's escapes are HCL's too; a template is never begun. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll(/[$%](?=\{)/g, '$&$&')
