// `webhooks projects …` and `webhooks organizations …`: written once, over the operations of either.

import type { BodyInputOf, ReplyOf } from '@postern/contract/schemas/operations'
import type { Argument, Command, Flag } from '../../core/command.ts'
import { type Context, objectIdProblem } from '../../core/context.ts'
import { output, pages } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { textAt } from '../../print/json.ts'
import { column, row, rows, sentence } from '../../print/template.ts'
import { deletion } from '../deletion.ts'
import { enabledOrDisabled } from '../flag-groups.ts'
import { pageQuery } from '../pages.ts'

type Query = ReturnType<typeof pageQuery>

/** The operations of a project or of an organization; each asks the context where. */
export interface Webhooks {
  /** `webhooks projects`. */
  readonly commandLine: string
  /** `your project`. */
  readonly whose: string
  readonly owner: string
  readonly place: Flag
  readonly list: (context: Context, query: Query) => Promise<unknown>
  readonly get: (context: Context, webhookId: string) => Promise<unknown>
  readonly create: (context: Context, body: BodyInputOf<'createGroupWebhook'>) => Promise<unknown>
  readonly update: (context: Context, webhookId: string, body: BodyInputOf<'updateGroupWebhook'>) => Promise<unknown>
  readonly delete: (context: Context, webhookId: string) => Promise<unknown>
  readonly test: (context: Context, webhookId: string) => Promise<ReplyOf<'testGroupWebhook'>>
  readonly deliveries: (context: Context, webhookId: string, query: Query) => Promise<unknown>
}

const webhookId: Argument = { name: 'webhookId', usage: 'Identifier of the webhook.', problem: objectIdProblem }
const exampleId = '5f4fe14da2b47835a58c63a2'
const columns = [
  column('ID', 'id'),
  column('URL', 'url'),
  column('ENABLED', 'enabled'),
  column('TYPES', 'eventTypes'),
  column('DISABLED BECAUSE', 'disabledReason'),
] as const
const deliveryColumns = [
  column('ID', 'id'),
  column('EVENT TYPE', 'eventTypeName'),
  column('STATE', 'state'),
  column('ATTEMPTS', 'attempts'),
  column('STATUS CODE', 'statusCode'),
  column('ERROR', 'error'),
] as const

const wishFlags: readonly Flag[] = [
  { name: 'type', kind: 'list', usage: 'Types of event that are sent; all where there is none.' },
  { name: 'desc', kind: 'text', usage: 'Description of the webhook.' },
  { name: 'allowPlainHttp', kind: 'switch', usage: 'Lets it be told over plain HTTP to another host than this one.' },
]
const wishOf = (context: Context) => ({
  ...(context.isSet('type') ? { eventTypes: [...context.list('type')] } : {}),
  ...(context.isSet('desc') ? { description: context.text('desc') } : {}),
  ...(context.isSet('allowPlainHttp') ? { allowPlainHttp: context.isOn('allowPlainHttp') } : {}),
})

export function webhookCommands(webhooks: Webhooks): readonly Command[] {
  const { commandLine, whose, owner, place } = webhooks
  return [
    {
      word: 'create',
      short: `Send the events of ${whose} to a URL.`,
      long: 'The secret that they are signed with is shown this once.',
      role: owner,
      args: [{ name: 'url', usage: 'Where they are sent, by POST.' }],
      flags: [...wishFlags, place, output],
      examples: [
        [
          'Tell of endpoints that are there:',
          `${commandLine} create https://example.com/hook --type INTERFACE_ENDPOINT_AVAILABLE`,
        ],
      ],
      async run(context) {
        await context.print(
          await webhooks.create(context, { url: context.arg('url'), ...wishOf(context) }),
          sentence((made) => `Webhook '${textAt(made, 'id')}' created.\nSecret ${textAt(made, 'secret')}`),
        )
      },
    },
    {
      word: 'list',
      aliases: ['ls'],
      short: `Return all webhooks of ${whose}.`,
      role: owner,
      flags: [...pages, place, output],
      examples: [['List them as JSON:', `${commandLine} list --output json`]],
      run: async (context) => context.print(await webhooks.list(context, pageQuery(context)), rows(...columns)),
    },
    {
      word: 'describe',
      aliases: ['get'],
      short: `Return one webhook of ${whose}.`,
      role: owner,
      args: [webhookId],
      flags: [place, output],
      examples: [['Show one as JSON:', `${commandLine} describe ${exampleId} --output json`]],
      run: async (context) => context.print(await webhooks.get(context, context.arg('webhookId')), row(...columns)),
    },
    {
      word: 'update',
      short: `Change one webhook of ${whose}.`,
      long: 'What is not named stays.',
      role: owner,
      args: [webhookId],
      flags: [
        { name: 'url', kind: 'text', usage: 'Where events are sent.' },
        ...wishFlags,
        { name: 'enableDelivery', kind: 'switch', usage: 'Sends events, also after the server has given it up.' },
        { name: 'disableDelivery', kind: 'switch', usage: 'Sends nothing until it is enabled.' },
        place,
        output,
      ],
      examples: [['Send nothing for a while:', `${commandLine} update ${exampleId} --disableDelivery`]],
      async run(context) {
        const enabled = enabledOrDisabled(context, 'Delivery')
        const body = {
          ...wishOf(context),
          ...(context.isSet('url') ? { url: context.text('url') } : {}),
          ...(enabled === undefined ? {} : { enabled }),
        }
        if (Object.keys(body).length === 0) throw new UsageError('nothing to change: give at least one flag')
        await context.print(
          await webhooks.update(context, context.arg('webhookId'), body),
          sentence((webhook) => `Webhook '${textAt(webhook, 'id')}' updated.`),
        )
      },
    },
    deletion({
      short: `Delete one webhook of ${whose}.`,
      role: owner,
      arg: webhookId,
      flags: [place],
      example: `${commandLine} delete ${exampleId}`,
      declined: 'Webhook not deleted',
      deleted: (id) => `Webhook '${id}' deleted`,
      params: async (context, id) => ({ context, id }),
      call: (_, { context, id }) => webhooks.delete(context, id),
    }),
    {
      word: 'test',
      short: `Send a test to one webhook of ${whose}.`,
      long: '`deliveries list` shows what became of it.',
      role: owner,
      args: [webhookId],
      flags: [place, output],
      examples: [['Send one:', `${commandLine} test ${exampleId}`]],
      async run(context) {
        await context.print(
          await webhooks.test(context, context.arg('webhookId')),
          sentence((delivery) => `Delivery '${textAt(delivery, 'id')}' is being made.`),
        )
      },
    },
    {
      word: 'deliveries',
      aliases: ['delivery'],
      short: 'Show what became of what was sent.',
      load: async () => [
        {
          word: 'list',
          aliases: ['ls'],
          short: `Return the deliveries of one webhook of ${whose}, newest first.`,
          role: owner,
          args: [webhookId],
          flags: [...pages, place, output],
          examples: [['List them:', `${commandLine} deliveries list ${exampleId}`]],
          async run(context) {
            const found = await webhooks.deliveries(context, context.arg('webhookId'), pageQuery(context))
            await context.print(found, rows(...deliveryColumns))
          },
        },
      ],
    },
  ]
}
