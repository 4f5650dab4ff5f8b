// Which roles of the place somebody, or something, is to have.

import { Checkbox } from '@leafygreen-ui/checkbox'
import { Error as ErrorText } from '@leafygreen-ui/typography'
import styles from './access-manager.module.css'
import { type AccessPlace, rolesAt } from './access-place.ts'

interface FieldProps {
  readonly place: AccessPlace
  readonly roles: readonly string[]
  readonly problem: string | undefined
  readonly onChange: (roles: readonly string[]) => void
}

export const RolesField = ({ place, roles, problem, onChange }: FieldProps) => (
  <fieldset className={styles.roles}>
    <legend>{place.kind === 'group' ? 'Project Permissions' : 'Organization Permissions'}</legend>
    {Object.entries(rolesAt[place.kind]).map(([role, word]) => (
      <Checkbox
        key={role}
        label={word}
        checked={roles.includes(role)}
        onChange={({ target }) => onChange(target.checked ? [...roles, role] : roles.filter((one) => one !== role))}
      />
    ))}
    {problem !== undefined && <ErrorText className={styles.problem}>{problem}</ErrorText>}
  </fieldset>
)
