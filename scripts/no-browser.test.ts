import { test } from 'vitest';

test.skipIf(true)('browser tests: no Chromium found (apt-get install -y chromium, or set CHROMIUM_PATH)', () => {});
