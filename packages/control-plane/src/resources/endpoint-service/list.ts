// Services of a group over all providers, filtered, a page at a time: what Atlas's list, one provider and whole, has not.

import { atlasRegion, cloudProviders } from '@postern/contract/cloud'
import { AtlasError } from '@postern/contract/errors'
import { type ExpressionBuilder, sql } from 'kysely'
import type { Call } from '../../http/handler.ts'
import { rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { groupOf } from './group.ts'
import { parseService, type ServiceRow } from './row.ts'

/** A region in any spelling, as the asked providers know it. Throws QUERY_PARAM_PARSE_ERROR where none does. */
export const placesCalled = (
  providers: readonly (typeof cloudProviders)[number][],
  text: string,
): readonly (readonly [string, string])[] => {
  const asked = cloudProviders.filter((provider) => providers.length === 0 || providers.includes(provider))
  const places = asked.flatMap((provider) => {
    const region = atlasRegion(provider, text)
    return region === undefined ? [] : [[provider, region] as const]
  })
  if (places.length === 0) throw new AtlasError('QUERY_PARAM_PARSE_ERROR', { parameter: 'region', value: text })
  return places
}

/** True in SQL for a row whose labels have this one. */
export const hasLabel = (label: { readonly key: string; readonly value: string | null }, column: string) =>
  label.value === null
    ? sql<boolean>`${sql.ref(column)} ->> ${label.key} is not null`
    : sql<boolean>`${sql.ref(column)} ->> ${label.key} = ${label.value}`

/** Oldest first. Throws GROUP_NOT_FOUND, QUERY_PARAM_PARSE_ERROR. */
export const listServices = async (
  { store }: Pick<Parts, 'store'>,
  call: Call<'listGroupEndpointServices'>,
): Promise<{ readonly services: readonly ServiceRow[]; readonly total: number }> => {
  const { id: groupId } = await groupOf(store.read, call.params)
  const { cloudProvider, region, status, label } = call.query
  const places = region === undefined ? null : placesCalled(cloudProvider, region)
  const matching = (eb: ExpressionBuilder<Tables, 'endpoint_service'>) =>
    eb.and([
      eb('group_id', '=', groupId),
      ...(cloudProvider.length > 0 ? [eb('provider', 'in', cloudProvider)] : []),
      ...(status.length > 0 ? [eb('status', 'in', status)] : []),
      ...(label === undefined ? [] : [hasLabel(label, 'labels')]),
      ...(places === null
        ? []
        : [eb.or(places.map(([provider, name]) => eb.and([eb('provider', '=', provider), eb('region', '=', name)])))]),
    ])
  const { limit, offset } = rowsOf(call)
  const rows = await store.read
    .selectFrom('endpoint_service')
    .selectAll()
    .where(matching)
    .orderBy('created')
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute()
  const { total } = await store.read
    .selectFrom('endpoint_service')
    .where(matching)
    .select(({ fn }) => fn.countAll<string>().as('total'))
    .executeTakeFirstOrThrow()
  return { services: rows.map(parseService), total: Number(total) }
}
