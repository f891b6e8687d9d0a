export type DeviceType = 'desktop' | 'mobile' | 'tablet' | 'tv' | 'bot' | 'unknown'

/** What a user agent says of itself, in words for people: a hint, never proof. */
export interface Device {
  readonly type: DeviceType
  /** `Unknown` where it cannot be read. */
  readonly browser: string
  readonly os: string
  /** Both in one phrase: `Firefox on Windows`. */
  readonly label: string
}

export function deviceOf(_userAgent: string | null): Device {
  return { type: 'unknown', browser: 'Unknown', os: 'Unknown', label: 'Unknown device' }
}
