/** The process's memory as the operating system sees it. Not exported. */
@NullMarked
package dev.tidepool.allocator.os;

import org.jspecify.annotations.NullMarked;
