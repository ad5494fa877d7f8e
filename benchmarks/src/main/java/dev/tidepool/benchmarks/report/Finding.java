package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;

/**
 * One target held against one case.
 *
 * @param target what was aimed for, in words
 * @param isBetweenAllocators whether a table of ratios shows it already
 * @param badness how far the figure is from the target, as a factor: above 1 is missed
 */
record Finding(
    SuiteResults results,
    Case of,
    AllocatorUnderTest subject,
    String target,
    String measured,
    double badness,
    boolean isBetweenAllocators,
    Verdict verdict) {}
