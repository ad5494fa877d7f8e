/** What a load's result says: the verdict, figures and thresholds, as text, JSON, CSV and logs. */
@NullMarked
package dev.tidepool.echo.load.result;

import org.jspecify.annotations.NullMarked;
