// Where the project's side of private endpoints is to be. What stands against it is told before the click.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { RadioBox, RadioBoxGroup } from '@leafygreen-ui/radio-box-group'
import { Link as TextLink } from '@leafygreen-ui/typography'
import { cloudProviders } from '@postern/contract/cloud'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { operation, useChange } from '../../../api/operation.ts'
import { fieldProblem } from '../../../api/sentence.ts'
import { useTold } from '../../../api/told.ts'
import { FormDialog } from '../../../frame/form-dialog.tsx'
import { useMayNot } from '../../../frame/may.tsx'
import { useGroupId } from '../../../frame/place.ts'
import { SelectField } from '../../../frame/select-field.tsx'
import { providerNames } from '../../../words/provider.ts'
import { severalIn, useDraft } from '../draft.ts'
import { useListLink } from '../place.ts'
import wizard from '../wizard.module.css'
import { AcceptedRegions } from './accepted-regions.tsx'
import { SameElsewhere } from './same-elsewhere.tsx'
import { isLegacy, providerOf, regionChoices, wantedService } from './wanted-service.ts'

export function ServiceForm() {
  const groupId = useGroupId()
  const { draft, fill, goOn, close } = useDraft()
  const provider = providerOf(draft)
  const wanted = wantedService(draft)
  const create = useChange('createGroupPrivateEndpointEndpointService')
  const mayNot = useMayNot()('createGroupPrivateEndpointEndpointService')
  const check = useQuery({
    ...operation('checkGroupEndpointService', {
      params: { groupId },
      body: wanted ?? { providerName: provider, region: '-' },
    }),
    enabled: wanted !== undefined && !create.isPending,
  })
  const blockers = wanted === undefined ? [] : (check.data?.blockers ?? [])
  const send = async (): Promise<void> => {
    if (wanted === undefined) return
    const { id } = await create.mutateAsync({ params: { groupId }, body: wanted })
    goOn({ dialog: 'create', step: 'service', service: id })
  }
  const error = useTold(create, wanted ?? {})
  const regionProblem = fieldProblem(error, 'region')
  return (
    <FormDialog
      title="Create Endpoint Service"
      says="The project’s side of private endpoints in one region. Applications reach it through endpoints in their own network."
      size="large"
      submit="Create Endpoint Service"
      busy={create.isPending}
      error={error}
      blocked={
        mayNot ??
        (wanted === undefined
          ? 'Choose a region first.'
          : blockers.length > 0
            ? 'It cannot be created as things are.'
            : undefined)
      }
      onSubmit={(event) => {
        event.preventDefault()
        void send().catch(() => {})
      }}
      onClose={close}
    >
      <div className={wizard.part}>
        <h3 id="cloud-provider">Cloud Provider</h3>
        <RadioBoxGroup
          aria-labelledby="cloud-provider"
          name="cloud"
          size="full"
          value={provider}
          onChange={({ target }) => fill({ cloud: target.value, atlasRegion: '', accepted: '' })}
        >
          {cloudProviders.map((one) => (
            <RadioBox key={one} value={one} id={`cloud-${one}`}>
              {providerNames[one]}
            </RadioBox>
          ))}
        </RadioBoxGroup>
      </div>
      <SelectField
        label="Atlas Region"
        placeholder="Choose a region"
        value={draft.atlasRegion}
        options={regionChoices(provider)}
        onChange={(atlasRegion) => fill({ atlasRegion })}
        {...(regionProblem !== undefined && { state: 'error', errorMessage: regionProblem })}
      />
      {provider === 'AWS' && (
        <AcceptedRegions
          own={wanted?.region}
          value={severalIn(draft.accepted)}
          onChange={(accepted) => fill({ accepted: accepted.join() })}
          problem={fieldProblem(error, 'supportedRemoteRegions')}
        />
      )}
      {provider === 'GCP' && (
        <Architecture legacy={isLegacy(draft)} onChange={(architecture) => fill({ architecture })} />
      )}
      {blockers.map(({ detail, errorCode }) => (
        <Banner key={detail} variant={Variant.Warning}>
          {detail}{' '}
          {wanted !== undefined && errorCode === 'PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION' && (
            <ToTheOther provider={provider} region={wanted.region} />
          )}
        </Banner>
      ))}
      {wanted !== undefined && <SameElsewhere wanted={wanted} />}
    </FormDialog>
  )
}

const ToTheOther = ({ provider, region }: { readonly provider: string; readonly region: string }) => (
  <TextLink as={Link} {...useListLink()} search={{ provider, region } as never}>
    Show it
  </TextLink>
)

function Architecture({
  legacy,
  onChange,
}: {
  readonly legacy: boolean
  readonly onChange: (architecture: string) => void
}) {
  return (
    <div className={wizard.part}>
      <h3 id="architecture">Architecture</h3>
      <RadioBoxGroup
        aria-labelledby="architecture"
        name="architecture"
        size="full"
        value={legacy ? 'legacy' : 'mapped'}
        onChange={({ target }) => onChange(target.value)}
      >
        <RadioBox value="mapped" id="architecture-mapped">
          Port-mapped
        </RadioBox>
        <RadioBox value="legacy" id="architecture-legacy">
          Legacy
        </RadioBox>
      </RadioBoxGroup>
      <p className={wizard.quiet}>
        {legacy
          ? 'One forwarding rule and one address for every member that may ever be there.'
          : 'One forwarding rule and one address for all members; the port picks the member.'}
      </p>
    </div>
  )
}
