// Small line drawings for states and navigation, 16 by 16.

import { type Html, trusted } from "./html.ts";

const shapes = {
  issue: '<circle cx="8" cy="8" r="6"/><circle cx="8" cy="8" r="1.4" fill="currentColor"/>',
  pull: '<circle cx="4" cy="3.5" r="1.7"/><circle cx="4" cy="12.5" r="1.7"/><circle cx="12" cy="12.5" r="1.7"/><path d="M4 5.2v5.6M12 10.8V6a2 2 0 0 0-2-2H7.6M9.4 2 7.4 4l2 2"/>',
  merge:
    '<circle cx="4" cy="3.5" r="1.7"/><circle cx="4" cy="12.5" r="1.7"/><circle cx="12" cy="8.5" r="1.7"/><path d="M4 5.2v5.6M4 5.2c0 2.4 2.6 3.3 6.3 3.3"/>',
  branch:
    '<circle cx="4.5" cy="3.5" r="1.7"/><circle cx="4.5" cy="12.5" r="1.7"/><circle cx="11.5" cy="4.5" r="1.7"/><path d="M4.5 5.2v5.6M11.5 6.2c0 2.3-2 3-4.5 3.2-1.6.1-2.5.5-2.5 1.4"/>',
  commit: '<circle cx="8" cy="8" r="2.6"/><path d="M1 8h4.4M10.6 8H15"/>',
  check: '<path d="m3 8.5 3.3 3.3L13 4.8"/>',
  cross: '<path d="m4 4 8 8M12 4l-8 8"/>',
  alert: '<path d="M8 2 1.7 13.3h12.6zM8 6.3v3.4M8 11.5v.3"/>',
  stop: '<circle cx="8" cy="8" r="6"/><path d="m4 4 8 8"/>',
  square: '<rect x="4" y="4" width="8" height="8" rx="1.5" fill="currentColor"/>',
  dot: '<circle cx="8" cy="8" r="3.5" fill="currentColor"/>',
  folder: '<path d="M1.7 3.5h4.6l1.5 1.8h6.5v7.2H1.7z" fill="currentColor" fill-opacity=".25"/>',
  file: '<path d="M3.5 1.7h5.6l3.4 3.4v9.2h-9zM9 1.7v3.5h3.5"/>',
  code: '<path d="m5.5 4.5-3.5 3.5 3.5 3.5M10.5 4.5 14 8l-3.5 3.5"/>',
  comment: '<path d="M1.7 2.7h12.6v8.6H8l-3.3 2.6v-2.6h-3z"/>',
  eye: '<path d="M1.5 8S4 3.7 8 3.7 14.5 8 14.5 8 12 12.3 8 12.3 1.5 8 1.5 8z"/><circle cx="8" cy="8" r="1.9"/>',
  bell: '<path d="M8 1.8c-2.6 0-4 1.9-4 4.2v2.6L2.6 11.3h10.8L12 8.6V6c0-2.3-1.4-4.2-4-4.2zM6.5 13.5h3"/>',
  repository: '<path d="M3 2.2h10v11.6H3zM3 10.8h10M5.5 2.2v8.6"/>',
} as const;

export type IconName = keyof typeof shapes;

export const icon = (name: IconName): Html =>
  trusted(
    `<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${shapes[name]}</svg>`,
  );
