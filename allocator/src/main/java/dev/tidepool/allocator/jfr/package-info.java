/**
 * The events that the library adds to a JDK Flight Recorder recording. Below all other packages:
 * whatever happens is told here in numbers and names. Works without the module {@code jdk.jfr}.
 *
 * <p>Internal: not exported from the module.
 */
@NullMarked
package dev.tidepool.allocator.jfr;

import org.jspecify.annotations.NullMarked;
