/**
 * The comparison of allocators: servers in processes of their own under the same loads, the
 * statistics of what was measured, and its pages.
 */
@NullMarked
package dev.tidepool.echo.compare;

import org.jspecify.annotations.NullMarked;
