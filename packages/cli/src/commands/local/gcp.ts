// `postern local gcp forwarding-rule create | list | delete`. A service without port mapping demands one rule per
// service attachment: `--count` makes them all, and what `--endpoint` of `interfaces create` wants is printed last.

import type { Command, Leaf } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { at, itemsOf, type Json, textAt } from '../../print/json.ts'
import { column, rows, type Template, table } from '../../print/template.ts'
import { address, addressColumn } from './address.ts'
import { chosenForm, formFlag } from './form.ts'
import { chosenService, endpointServiceId, targetName } from './target.ts'

const columns = [
  column('NAME', 'name'),
  column('PROJECT', 'project'),
  column('REGION', 'region'),
  column('IP ADDRESS', 'IPAddress'),
  column('STATUS', 'pscConnectionStatus'),
  addressColumn('LISTENS ON', address),
] as const

const created: Template = {
  plain: (reply: Json) =>
    `${table(columns, itemsOf(at(reply, 'forwardingRules')))}\n--endpoint ${textAt(reply, 'endpoints')}\n`,
}

const forwardingRuleCommands: readonly Leaf[] = [
  {
    word: 'create',
    short: 'Create forwarding rules for a service attachment.',
    long: 'They listen on this machine; attach them with `privateEndpoints gcp interfaces create`.',
    args: [{ name: 'name', usage: 'Name of the rule; with --count the rules are <name>-0, <name>-1, ….' }],
    flags: [
      {
        name: 'target-service-attachment',
        also: ['targetServiceAttachment', 'target'],
        kind: 'text',
        usage: 'Service attachment, projects/…/serviceAttachments/….',
      },
      endpointServiceId,
      { name: 'count', kind: 'number', usage: 'Makes that many rules, for a service without port mapping.' },
      { name: 'project', kind: 'text', usage: 'Google Cloud project of the rules (default "local-project").' },
      { name: 'region', kind: 'text', usage: "Region; the attachment's own when left out." },
      formFlag,
      projectId,
      output,
    ],
    examples: [
      [
        'Create what an endpoint service of this project needs:',
        'local gcp forwarding-rule create app --endpoint-service-id 5f4fe14da2b47835a58c63a2',
      ],
      [
        'Create fifty rules for a service without port mapping:',
        'local gcp forwarding-rule create app --target projects/p/regions/us-east1/serviceAttachments/sa-0 --count 50',
      ],
    ],
    async run(context) {
      const service = await chosenService(context, 'GCP')
      const target = targetName({
        typed: context.optional('target-service-attachment'),
        service,
        name: service?.serviceAttachmentNames[0],
        flag: 'target-service-attachment',
      })
      const demanded = service?.portMappingEnabled === false ? service.serviceAttachmentNames.length : undefined
      const count = context.number('count') ?? demanded
      const project = context.optional('project')
      const region = context.optional('region')
      const { body } = await (await context.client()).call('createLocalGcpForwardingRule', {
        body: {
          name: context.arg('name'),
          target,
          ...(count === undefined ? {} : { count }),
          ...(project === undefined ? {} : { project }),
          ...(region === undefined ? {} : { region }),
          ...chosenForm(context),
        },
      })
      await context.print(body, created)
    },
  },
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all forwarding rules of the local cloud.',
    flags: [output],
    async run(context) {
      const { body } = await (await context.client()).call('listLocalGcpForwardingRules')
      await context.print(body, rows(...columns))
    },
  },
  {
    word: 'delete',
    aliases: ['rm'],
    short: 'Delete forwarding rules, as their owner would in Google Cloud; their connections end.',
    args: [{ name: 'name', usage: 'Name of a rule.', many: true }],
    flags: [
      { name: 'project', kind: 'text', usage: 'Google Cloud project of the rules, where the name is not enough.' },
      { name: 'region', kind: 'text', usage: 'Region of the rules, where the name is not enough.' },
    ],
    examples: [['Delete two:', 'local gcp forwarding-rule delete app-0 app-1']],
    async run(context) {
      const client = await context.client()
      const { body } = await client.call('listLocalGcpForwardingRules')
      // All are looked up before the first is deleted: a slip in one name leaves everything as it was.
      const chosen = context.args.map((name) => theRule(context, name, body.results))
      for (const { project, region, name } of chosen) {
        await client.call('deleteLocalGcpForwardingRule', { params: { project, region, forwardingRuleName: name } })
        context.say(`Forwarding rule '${name}' deleted`)
      }
    },
  },
]

interface Rule {
  readonly name: string
  readonly project: string
  readonly region: string
}

function theRule(context: Context, name: string, rules: readonly Rule[]): Rule {
  const project = context.optional('project')
  const region = context.optional('region')
  const found = rules.filter(
    (rule) =>
      rule.name === name &&
      (project === undefined || rule.project === project) &&
      (region === undefined || rule.region === region),
  )
  const [only, another] = found
  if (only === undefined) throw new UsageError(`no forwarding rule "${name}" in the local cloud`)
  if (another === undefined) return only
  const lines = found.map((rule) => `  --project ${rule.project} --region ${rule.region}`)
  throw new UsageError(`several forwarding rules are named "${name}"; choose one with\n${lines.join('\n')}`)
}

export const localGcp: readonly Command[] = [
  {
    word: 'forwarding-rule',
    aliases: ['forwarding-rules', 'forwardingRule', 'forwardingRules'],
    short: 'Google Cloud forwarding rules of the local cloud.',
    load: async () => forwardingRuleCommands,
  },
]
