// A whole program in the language of one's application, for this very string.

import { CopyBlock } from '../../frame/copy-block.tsx'
import { SelectField } from '../../frame/select-field.tsx'
import { useDialog } from '../cluster/use-dialog.ts'
import styles from './connect.module.css'
import type { MethodProps } from './connect-step.tsx'
import { languages, programs } from './programs.ts'

export function Drivers({ connectionString, caFile }: MethodProps) {
  const { search, choose } = useDialog()
  const language = languages.find((each) => each === search.language) ?? 'nodejs'
  const { install, file, text } = programs[language]
  return (
    <>
      <section className={styles.form}>
        <SelectField
          label="Driver"
          value={language}
          options={languages.map((each) => ({ value: each, word: programs[each].name }))}
          onChange={(chosen) => choose({ language: chosen })}
        />
      </section>
      <section>
        <h3>Install the driver</h3>
        <CopyBlock label="Installation" text={install} />
      </section>
      <section>
        <h3>Connection string</h3>
        <p className={styles.quiet}>Put the password, percent-encoded, in the place of &lt;db_password&gt;.</p>
        <CopyBlock label="Connection string" text={connectionString} />
      </section>
      <section>
        <h3>A program that connects: {file}</h3>
        <CopyBlock label="Program" text={text({ connectionString, caFile })} />
      </section>
    </>
  )
}
