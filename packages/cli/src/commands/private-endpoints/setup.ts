// `privateEndpoints <cloud> describe <id> --setup <tool>`: the command that makes the consumer's side, ready to be pasted.
// Standard output has the command alone; what is left to fill in, and how it is attached, is said on standard error.

import type { Placeholder } from '@postern/contract/consumer-setup/blanks'
import { setupParameters } from '@postern/contract/consumer-setup/blanks'
import { type SetupTool, toolsOf } from '@postern/contract/consumer-setup/tools'
import type { QueryOf } from '@postern/contract/schemas/operations'
import type { Flag } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { at, printable } from '../../print/json.ts'
import { sentence } from '../../print/template.ts'
import type { Cloud } from './clouds.ts'

type Asked = Partial<QueryOf<'getGroupEndpointServiceSetup'>> & { readonly tool: readonly [SetupTool] }

/** A flag for each thing that only the consumer knows. */
export const setupFlags = ({ provider }: Cloud): readonly Flag[] => [
  {
    name: 'setup',
    kind: 'text',
    usage: `Prints the command that makes the consumer's side instead, for ${anyOf(toolsOf[provider])}.`,
    completes: toolsOf[provider],
  },
  ...Object.entries(setupParameters[provider]).map(
    ([name, parameter]): Flag => ({
      name,
      kind: 'many' in parameter ? 'list' : 'text',
      usage: `Of --setup: ${parameter.meaning}`,
    }),
  ),
]

/** Undefined where `--setup` was not given. Throws UsageError for another cloud's tool, and for a flag of `--setup` alone. */
export function askedSetup(context: Context, { provider, product }: Cloud): Asked | undefined {
  const typed = context.optional('setup')
  const given = Object.keys(setupParameters[provider]).filter((name) => context.isSet(name))
  if (typed === undefined) {
    if (given.length > 0) throw new UsageError(`--${given[0]} is of use with --setup only`)
    return undefined
  }
  const tools: readonly SetupTool[] = toolsOf[provider]
  const tool = tools.find((one) => one === typed)
  if (tool === undefined) {
    throw new UsageError(`"${typed}" does not make the consumer's side of ${product}; --setup takes ${anyOf(tools)}`)
  }
  const parameters: Readonly<Record<string, object>> = setupParameters[provider]
  const blanks = given.map((name) => [
    name,
    'many' in (parameters[name] ?? {}) ? context.list(name) : context.text(name),
  ])
  return { ...Object.fromEntries(blanks), tool: [tool] }
}

export async function printSetup(
  context: Context,
  params: { readonly groupId: string; readonly cloudProvider: string; readonly endpointServiceId: string },
  query: Asked,
): Promise<void> {
  const { body } = await (await context.client()).call('getGroupEndpointServiceSetup', { params, query })
  const [setup] = body.results
  if (setup === undefined) {
    throw new UsageError(
      `private endpoint ${body.endpointServiceId} is ${body.status} and has no name in its cloud yet`,
    )
  }
  await context.print(
    setup,
    sentence((shown) => linesOf(String(at(shown, 'create')))),
  )
  for (const line of remarks(setup.placeholders)) context.io.stderr.write(`${line}\n`)
  if (setup.attach !== null) context.io.stderr.write(`Then attach it:\n${linesOf(setup.attach)}\n`)
}

const remarks = (placeholders: readonly Placeholder[]): readonly string[] =>
  placeholders.map(({ placeholder, meaning, parameter }) =>
    printable(`${placeholder}: ${meaning}${parameter === null ? '' : ` --${parameter} fills it in.`}`),
  )

const anyOf = (tools: readonly string[]): string => `${tools.slice(0, -1).join(', ')} or ${tools.at(-1)}`

const linesOf = (text: string): string => text.split('\n').map(printable).join('\n')
