// A choice from a list. The design system's select is called by its label alone, so that nobody hears what is chosen: here
// it is called by both.

import { Option, OptionGroup, Select } from '@leafygreen-ui/select'
import { Description, Label } from '@leafygreen-ui/typography'
import { useId } from 'react'
import styles from './select-field.module.css'

export interface Choosable {
  readonly value: string
  /** What it is shown as; the value itself where there is no better word. */
  readonly word?: string
  readonly description?: string
  /** A heading; choices of one heading stand together. */
  readonly group?: string
}

interface SelectFieldProps {
  readonly label: string
  readonly description?: string
  /** Empty: nothing is chosen yet. */
  readonly value: string
  readonly options: readonly Choosable[]
  readonly onChange: (value: string) => void
  readonly placeholder?: string
  readonly state?: 'error'
  readonly errorMessage?: string
}

export function SelectField({ label, description, value, options, onChange, ...rest }: SelectFieldProps) {
  const id = useId()
  const chosen = options.find((option) => option.value === value)
  const shown = chosen?.word ?? chosen?.value ?? rest.placeholder ?? 'Select'
  const groups = [...new Set(options.map(({ group }) => group))]
  const listed = (group: string | undefined) =>
    options
      .filter((option) => option.group === group)
      .map(({ value: each, word = each, description: says }) => (
        <Option key={each} value={each} {...(says === undefined ? {} : { description: says })}>
          {word}
        </Option>
      ))
  return (
    <div className={styles.field}>
      <Label id={`${id}-label`} htmlFor={`${id}-select`}>
        {label}
      </Label>
      {description !== undefined && <Description>{description}</Description>}
      <span id={`${id}-shown`} hidden>
        {shown}
      </span>
      <Select
        id={`${id}-select`}
        aria-labelledby={`${id}-label ${id}-shown`}
        value={value}
        allowDeselect={false}
        onChange={onChange}
        {...rest}
      >
        {groups.map((group) =>
          group === undefined ? (
            listed(group)
          ) : (
            <OptionGroup key={group} label={group}>
              {listed(group)}
            </OptionGroup>
          ),
        )}
      </Select>
    </div>
  )
}
