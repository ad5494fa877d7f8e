package dev.tidepool.frameworks.vertx;

import dev.tidepool.frameworks.ClassPathCheck;

/** The versions of Vert.x and Netty. */
class ClassPathTest extends ClassPathCheck {}
