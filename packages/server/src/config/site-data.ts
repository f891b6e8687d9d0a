/** What a site may tell a browser to forget (Clear-Site-Data). Running pages are left alone: they are told by their next request. */
export const siteData = ['cache', 'cookies', 'storage'] as const
export type SiteData = (typeof siteData)[number]
