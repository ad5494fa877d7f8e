package dev.tidepool.frameworks.micronaut;

import dev.tidepool.frameworks.ClassPathCheck;

/** The versions of Micronaut and Netty. */
class ClassPathTest extends ClassPathCheck {}
