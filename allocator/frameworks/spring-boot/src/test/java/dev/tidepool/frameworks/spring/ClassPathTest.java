package dev.tidepool.frameworks.spring;

import dev.tidepool.frameworks.ClassPathCheck;

/** The versions of Spring Boot and Netty. */
class ClassPathTest extends ClassPathCheck {}
