// Which types of events a webhook is told: found by a word, chosen by a tick.

import { Checkbox } from '@leafygreen-ui/checkbox'
import { TextInput } from '@leafygreen-ui/text-input'
import { Error as ErrorText } from '@leafygreen-ui/typography'
import { useState } from 'react'
import { typeWords } from '../../words/event-type.ts'
import type { AccessPlace } from '../access-manager/access-place.ts'
import { foundIn, typeGroups } from './event-types.ts'
import styles from './webhook.module.css'

interface FieldProps {
  readonly kind: AccessPlace['kind']
  readonly types: readonly string[]
  readonly problem: string | undefined
  readonly onChange: (types: readonly string[]) => void
}

export function EventTypesField({ kind, types, problem, onChange }: FieldProps) {
  const [text, setText] = useState('')
  // What was chosen when the dialog was opened stays where it can be chosen again.
  const [groups] = useState(() => typeGroups(kind, types))
  const found = foundIn(groups, text)
  return (
    <fieldset className={styles.types}>
      <legend>Types of Events</legend>
      <TextInput
        id="webhook-find-type"
        type="search"
        sizeVariant="small"
        aria-label="Find a type of event"
        placeholder="Find a type"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={styles.found} aria-label="Types that were found" tabIndex={0}>
        {found.map(({ word, types: listed }) => (
          <fieldset key={word} className={styles.group}>
            <legend>{word}</legend>
            {listed.map((type) => (
              <Checkbox
                key={type}
                label={typeWords(type)}
                description={type}
                checked={types.includes(type)}
                onChange={({ target }) =>
                  onChange(target.checked ? [...types, type] : types.filter((each) => each !== type))
                }
              />
            ))}
          </fieldset>
        ))}
        {found.length === 0 && <span className={styles.quiet}>No type says that.</span>}
      </section>
      <span className={styles.quiet} role="status">
        {types.length === 1 ? '1 type is chosen' : `${types.length} types are chosen`}
      </span>
      {problem !== undefined && <ErrorText>{problem}</ErrorText>}
    </fieldset>
  )
}
