// What was terminated and can still be taken back.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { useChange, useOperation } from '../../api/operation.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { MayButton } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import { When } from '../../frame/when.tsx'
import { providerNames } from '../../words/provider.ts'
import styles from './private-endpoint.module.css'

export function Terminated() {
  const groupId = useGroupId()
  const terminations = useOperation('listGroupTerminations', { params: { groupId } }).data?.results ?? []
  const undoService = useChange('undoGroupEndpointServiceDeletion')
  const undoEndpoint = useChange('undoGroupPrivateEndpointDeletion')
  const error = undoService.error ?? undoEndpoint.error
  if (terminations.length === 0 && error === null) return null
  return (
    <section className={styles.terminated} aria-label="Recently terminated">
      <h2>Recently terminated</h2>
      {error !== null && (
        <Banner variant={Variant.Danger} role="alert">
          {sentenceOf(error)}
        </Banner>
      )}
      <ul>
        {terminations.map(({ cloudProvider, endpointServiceId, endpointId, regionName, undoUntil, problem }) => {
          const name = endpointId ?? `${providerNames[cloudProvider]} / ${regionName}`
          const service = { groupId, cloudProvider, endpointServiceId }
          return (
            <li key={`${endpointServiceId} ${endpointId}`}>
              <span className={styles.words} title={name}>
                {name}
              </span>
              <span>
                can be taken back; for good <When at={undoUntil} />
              </span>
              <MayButton
                operation={
                  endpointId === null ? 'undoGroupEndpointServiceDeletion' : 'undoGroupPrivateEndpointDeletion'
                }
                size="xsmall"
                aria-label={`Undo ${name}`}
                blocked={problem ?? undefined}
                onClick={() =>
                  endpointId === null
                    ? undoService.mutate({ params: service })
                    : undoEndpoint.mutate({ params: { ...service, endpointId } })
                }
              >
                Undo
              </MayButton>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
