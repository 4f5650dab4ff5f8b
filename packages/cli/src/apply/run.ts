// What `postern diff` and `postern apply` do.

import { timeoutOf } from '../commands/watch-flags.ts'
import type { Context } from '../core/context.ts'
import { canAsk } from '../core/io.ts'
import { UsageError } from '../core/usage-error.ts'
import type { Json } from '../print/json.ts'
import { carryOutPlan, type Planned, planFile, secretsFor } from './apply.ts'
import { jsonSchema } from './json-schema.ts'
import { type FileRead, readWishes } from './read-file.ts'
import { planText } from './show-plan.ts'

const differs = 2

export async function diff(context: Context): Promise<number> {
  const { planned } = await planOf(context)
  await context.print(planned.shown, { plain: (reply) => planText(reply as Planned['shown']) })
  return planned.isEmpty ? 0 : differs
}

export async function apply(context: Context): Promise<void> {
  if (context.isOn('schema')) {
    context.say(JSON.stringify(jsonSchema(), null, 2))
    return
  }
  const timeoutSeconds = timeoutOf(context)
  const { read, planned } = await planOf(context)
  const tell = (says: string): void => void context.io.stderr.write(`${says}\n`)
  context.io.stderr.write(planText(planned.shown))
  const secrets = await secretsFor(read, planned, context.io.env)
  const [inClear] = secrets.inClear
  if (inClear !== undefined)
    context.warn(`the file holds secrets in clear, the first at ${inClear}; …From reads them from elsewhere`)
  if (!planned.isEmpty && !(await agreed(context))) return
  await carryOutPlan(planned, {
    client: await context.client(),
    sleep: context.io.sleep,
    secrets,
    wait: !context.isOn('no-wait'),
    timeoutSeconds,
    tell,
  })
  await context.print(planned.shown, { plain: (reply: Json) => outcome(reply as Planned['shown']) })
}

async function planOf(context: Context): Promise<{ readonly read: FileRead; readonly planned: Planned }> {
  const path = context.optional('file')
  if (path === undefined) throw new UsageError('required flag(s) "file" not set')
  const read = await readWishes(path, context.io.stdin)
  const planned = await planFile(read, {
    client: await context.client(),
    orgId: () => context.orgId(),
    prune: context.isOn('prune'),
    passwords: context.isOn('passwords'),
  })
  return { read, planned }
}

async function agreed(context: Context): Promise<boolean> {
  if (context.isOn('yes')) return true
  if (!canAsk(context.io))
    throw new UsageError('cannot ask whether to do this without a terminal; use --yes to go on without the question')
  if ((await context.io.prompts.confirm('Do this?')) === true) return true
  context.say('Nothing was done')
  return false
}

const outcome = ({ create, change, delete: gone, keep }: Planned['shown']): string =>
  `Applied: ${create} created, ${change} changed, ${gone} deleted, ${keep} left alone.\n`
