package dev.tidepool.frameworks.reactor;

import dev.tidepool.frameworks.ClassPathCheck;

/** The versions of Reactor Netty and Netty. */
class ClassPathTest extends ClassPathCheck {}
