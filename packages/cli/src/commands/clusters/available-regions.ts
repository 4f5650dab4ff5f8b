// `clusters availableRegions list`: where a new cluster can stand.

import { cloudProviders } from '@postern/contract/cloud'
import type { Leaf } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { at, itemsOf, type Json, textAt } from '../../print/json.ts'
import { column, type Template, table } from '../../print/template.ts'

const columns = [
  column('PROVIDER', 'provider'),
  column('INSTANCE SIZE', 'name'),
  {
    header: 'REGIONS',
    cell: (size: Json) =>
      itemsOf(at(size, 'availableRegions'))
        .map((one) => textAt(one, 'name'))
        .join(' '),
  },
]
/** A line for each instance size of each provider. */
const template: Template = {
  plain: (reply) =>
    table(
      columns,
      itemsOf(reply).flatMap((one) =>
        itemsOf(at(one, 'instanceSizes')).map((size) => ({
          provider: textAt(one, 'provider'),
          name: textAt(size, 'name'),
          availableRegions: at(size, 'availableRegions'),
        })),
      ),
    ),
}

export const availableRegionCommands: readonly Leaf[] = [
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return the regions where a new cluster can stand.',
    role: 'Project Read Only',
    flags: [
      { name: 'provider', kind: 'text', usage: 'Only regions of this provider: AWS, AZURE or GCP.' },
      { name: 'tier', kind: 'text', usage: 'Only regions with this tier; needs --provider.' },
      projectId,
      output,
    ],
    examples: [['List those of one provider and tier:', 'clusters availableRegions list --provider AWS --tier M30']],
    async run(context) {
      const provider = providerOf(context)
      const tier = context.optional('tier')
      if (tier !== undefined && provider === undefined)
        throw new UsageError('tier search also requires a provider flag')
      const { body } = await (await context.client()).call('listGroupClusterProviderRegions', {
        params: { groupId: await context.groupId() },
        query: {
          ...(provider === undefined ? {} : { providers: [provider] }),
          ...(tier === undefined ? {} : { tier: tier.toUpperCase() }),
        },
      })
      await context.print(body, template)
    },
  },
]

function providerOf(context: Context): (typeof cloudProviders)[number] | undefined {
  const typed = context.optional('provider')?.toUpperCase()
  if (typed === undefined) return undefined
  const provider = cloudProviders.find((one) => one === typed)
  if (provider !== undefined) return provider
  throw new UsageError(`invalid value "${typed}" for --provider; accepted values: ${cloudProviders.join(', ')}`)
}
