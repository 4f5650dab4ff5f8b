// Which form of the string: the one that resolves for how the endpoint is told comes first. Then what that form needs.

import Badge from '@leafygreen-ui/badge'
import { Radio, RadioGroup } from '@leafygreen-ui/radio-group'
import { Subtitle } from '@leafygreen-ui/typography'
import { useDialog } from '../cluster/use-dialog.ts'
import { AuthorityNote } from './authority-note.tsx'
import { type Door, formsOf, needsDns, type StringForm } from './choice.ts'
import styles from './connect.module.css'
import { DnsNote } from './dns-note.tsx'

interface StringFormsProps {
  readonly door: Door
  readonly form: StringForm
  /** Direct strings have one form. */
  readonly direct: boolean
}

const formWords: Readonly<Record<StringForm, string>> = {
  standard: 'Standard connection string',
  srv: 'SRV connection string',
  loadBalanced: 'Optimized connection string, for drivers with load balanced mode',
}

export function StringForms({ door, form, direct }: StringFormsProps) {
  const { choose } = useDialog()
  return (
    <section>
      {!direct && (
        <>
          <Subtitle as="h3" id="connect-form">
            Form of the connection string
          </Subtitle>
          <RadioGroup
            aria-labelledby="connect-form"
            name="form"
            value={form}
            onChange={({ target }) => choose({ form: target.value })}
          >
            {formsOf(door).map((each) => (
              <Radio key={each} value={each} id={`form-${each}`}>
                {formWords[each]}
                {needsDns(door, each) && (
                  <span className={styles.needs}>
                    <Badge variant="yellow">needs DNS</Badge>
                  </span>
                )}
              </Radio>
            ))}
          </RadioGroup>
        </>
      )}
      {needsDns(door, direct ? 'standard' : form) && <DnsNote names={door.names} />}
      {door.form === 'name' && <AuthorityNote />}
    </section>
  )
}
