// What the commands of ./consumer-setup.ts need to be told: by whoever asks, or later by whoever runs them.

import type { CloudProvider } from '../cloud.ts'

export type Given = Readonly<Record<string, string | readonly string[] | undefined>>

export interface Placeholder {
  /** As it stands in the text: `<VPC_ID>`. */
  readonly placeholder: string
  readonly meaning: string
  /** The parameter that fills it in; null: it is known only when the endpoint was made. */
  readonly parameter: string | null
}

interface Parameter {
  readonly meaning: string
  /** What a cloud takes there. Nothing else is let into a command. */
  readonly shape: RegExp
  readonly many?: true
  /** Stands in the text where nothing is given; without one there is a default or nothing. */
  readonly placeholder?: string
}

const azureName = /^[\w][-\w.()]{0,79}$/
const gcpName = /^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$/
const gcpNetworkName = /^(projects\/[-a-z0-9.:]{4,80}\/[-a-z0-9/]{1,120}\/)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/

export const setupParameters = {
  AWS: {
    vpcId: { meaning: 'VPC of the endpoint.', shape: /^vpc-[0-9a-f]{8,17}$/, placeholder: '<VPC_ID>' },
    subnetIds: {
      meaning: 'Subnets of the endpoint, one per availability zone.',
      shape: /^subnet-[0-9a-f]{8,17}$/,
      many: true,
      placeholder: '<SUBNET_ID>',
    },
    securityGroupIds: {
      meaning: 'Security groups of the endpoint; they let the applications in on all its ports.',
      shape: /^sg-[0-9a-f]{8,17}$/,
      many: true,
      placeholder: '<SECURITY_GROUP_ID>',
    },
    consumerRegion: {
      meaning: "Region of the VPC, where it is not the service's own.",
      shape: /^[\w -]{1,64}$/,
    },
  },
  AZURE: {
    endpointName: { meaning: 'Name of the endpoint that is made.', shape: azureName },
    subscriptionId: {
      meaning: 'Subscription of the virtual network.',
      shape: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      placeholder: '<SUBSCRIPTION_ID>',
    },
    resourceGroup: {
      meaning: 'Resource group of the endpoint and its virtual network.',
      shape: azureName,
      placeholder: '<RESOURCE_GROUP>',
    },
    network: { meaning: 'Virtual network of the endpoint.', shape: azureName, placeholder: '<VIRTUAL_NETWORK>' },
    subnet: { meaning: 'Subnet of the endpoint.', shape: azureName, placeholder: '<SUBNET>' },
    consumerRegion: {
      meaning: "Region of the virtual network, where it is not the service's own.",
      shape: /^[\w -]{1,64}$/,
    },
  },
  GCP: {
    endpointName: {
      meaning: 'Name of the forwarding rule that is made, or what its name begins with.',
      shape: gcpName,
    },
    gcpProjectId: {
      meaning: 'Google Cloud project of the endpoint.',
      shape: /^[a-z][-a-z0-9]{4,61}[a-z0-9]$/,
      placeholder: '<PROJECT_ID>',
    },
    network: { meaning: 'VPC network of the endpoint.', shape: gcpNetworkName, placeholder: '<NETWORK>' },
    subnet: { meaning: 'Subnet of the endpoint.', shape: gcpNetworkName, placeholder: '<SUBNET>' },
  },
} as const satisfies Readonly<Record<CloudProvider, Readonly<Record<string, Parameter>>>>

const knownLater = {
  '<VPC_ENDPOINT_ID>': 'Id of the VPC endpoint, vpce-…, as creating it told.',
  '<PRIVATE_ENDPOINT_RESOURCE_ID>': 'Resource id of the private endpoint, as creating it told.',
  '<PRIVATE_IP_ADDRESS>': 'Address of the endpoint, as creating it told.',
  '<ENDPOINTS>': 'Name and address of each forwarding rule, as creating them told: name@address,name@address,….',
} as const
export type KnownLater = keyof typeof knownLater

/** One answer's parameters: a value, or the placeholder in its place. */
export class Blanks {
  readonly #parameters: Readonly<Record<string, Parameter>>
  readonly #given: Given

  constructor(provider: CloudProvider, given: Given) {
    this.#parameters = setupParameters[provider]
    this.#given = given
  }

  /** What was given; undefined where nothing was. */
  optional(parameter: string): string | undefined {
    const value = this.#given[parameter]
    return typeof value === 'string' ? value : value?.[0]
  }

  optionalMany(parameter: string): readonly string[] | undefined {
    const value = this.#given[parameter]
    const values = typeof value === 'string' ? [value] : value
    return values === undefined || values.length === 0 ? undefined : values
  }

  text(parameter: string): string {
    return this.optional(parameter) ?? this.#placeholder(parameter)
  }

  many(parameter: string): readonly string[] {
    return this.optionalMany(parameter) ?? [this.#placeholder(parameter)]
  }

  later(placeholder: KnownLater): string {
    return placeholder
  }

  leftIn(text: string): readonly Placeholder[] {
    const asked = Object.entries(this.#parameters).flatMap(([parameter, { placeholder, meaning }]) =>
      placeholder === undefined ? [] : [{ placeholder, meaning, parameter }],
    )
    const later = Object.entries(knownLater).map(([placeholder, meaning]) => ({
      placeholder,
      meaning,
      parameter: null,
    }))
    return [...asked, ...later]
      .filter(({ placeholder }) => text.includes(placeholder))
      .toSorted((one, other) => text.indexOf(one.placeholder) - text.indexOf(other.placeholder))
  }

  #placeholder(parameter: string): string {
    const placeholder = this.#parameters[parameter]?.placeholder
    if (placeholder === undefined) throw new RangeError(`no placeholder for ${parameter}`)
    return placeholder
  }
}

/** Why what is given cannot go into a command, naming the parameter; undefined where it can. */
export function givenProblem(
  provider: CloudProvider,
  given: Given,
): { readonly parameter: string; readonly value: string } | undefined {
  const parameters: Readonly<Record<string, Parameter>> = setupParameters[provider]
  for (const [parameter, value] of Object.entries(given)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) {
      const known = Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined
      if (known?.shape.test(one) !== true) return { parameter, value: one }
    }
  }
  return undefined
}
