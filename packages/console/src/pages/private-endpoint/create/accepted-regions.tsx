// From which regions of AWS endpoints may be attached.

import { Checkbox } from '@leafygreen-ui/checkbox'
import wizard from '../wizard.module.css'
import { regionChoices } from './wanted-service.ts'

interface AcceptedRegionsProps {
  /** The service's own, which is accepted always. */
  readonly own: string | undefined
  readonly value: readonly string[]
  readonly onChange: (value: readonly string[]) => void
  readonly problem?: string | undefined
}

export function AcceptedRegions({ own, value, onChange, problem }: AcceptedRegionsProps) {
  const choices = regionChoices('AWS')
  const ordered = [...choices.filter((one) => one.value === own), ...choices.filter((one) => one.value !== own)]
  const change = (region: string, accepted: boolean): void =>
    onChange(accepted ? [...value, region] : value.filter((one) => one !== region))
  return (
    <fieldset className={wizard.regions}>
      <legend>Accepted Endpoint Regions</legend>
      <p className={wizard.quiet}>Where endpoints may be; the service’s own region always is among them.</p>
      <div className={wizard.choices}>
        {ordered.map(({ value: region, word }) => (
          <Checkbox
            key={region}
            id={`accepted-${region}`}
            label={word}
            checked={region === own || value.includes(region)}
            disabled={region === own}
            onChange={({ target }) => change(region, target.checked)}
          />
        ))}
      </div>
      {problem !== undefined && <p role="alert">{problem}</p>}
    </fieldset>
  )
}
