import { expect, test } from 'vitest'
import { labelsOfText, textOfLabels } from './labels-text.ts'

test('labels are lines, and are read back as they were', () => {
  const labels = { team: 'shop', env: 'prod=1', bare: '' }
  expect(textOfLabels(labels)).toBe('team=shop\nenv=prod=1\nbare=')
  expect(labelsOfText(textOfLabels(labels))).toEqual(labels)
})

test('spaces and empty lines mean nothing', () => {
  expect(labelsOfText('\n team = shop \n\nbare\n')).toEqual({ team: 'shop', bare: '' })
})
