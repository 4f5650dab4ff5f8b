// How long a secret is good for.

import { SelectField } from '../../frame/select-field.tsx'

const lives = { '8': '8 hours', '24': '1 day', '168': '1 week', '720': '30 days', '2160': '90 days', '8760': '1 year' }

interface FieldProps {
  readonly hours: number
  readonly problem: string | undefined
  readonly onChange: (hours: number) => void
}

export const LifeField = ({ hours, problem, onChange }: FieldProps) => (
  <SelectField
    label="Client Secret Expiration"
    value={String(hours)}
    options={Object.entries(lives).map(([value, word]) => ({ value, word }))}
    onChange={(value) => onChange(Number(value))}
    {...(problem === undefined ? {} : { state: 'error', errorMessage: problem })}
  />
)
