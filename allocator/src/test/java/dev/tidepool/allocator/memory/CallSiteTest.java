package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.Channel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The class and package names that a trace leaves out exist. */
class CallSiteTest {
  /** One class of each package named there. */
  private static final List<Class<?>> KNOWN =
      List.of(
          Arena.class,
          io.netty.buffer.ByteBuf.class,
          Channel.class,
          String.class,
          jdk.net.ExtendedSocketOptions.class);

  static Stream<String> classes() {
    return Stream.concat(CallSite.ALLOCATOR.stream(), CallSite.NOT_THE_USERS.stream())
        .filter(name -> !name.endsWith("."));
  }

  @ParameterizedTest
  @MethodSource("classes")
  void everyClassIsThere(String name) {
    assertThatCode(() -> Class.forName(name)).doesNotThrowAnyException();
  }

  static Stream<String> packages() {
    return Stream.concat(CallSite.ALLOCATOR.stream(), CallSite.NOT_THE_USERS.stream())
        .filter(name -> name.endsWith(".") && !name.equals("sun.")); // exports nothing to name here
  }

  @ParameterizedTest
  @MethodSource("packages")
  void everyPackageHasClasses(String prefix) {
    assertThat(KNOWN).as(prefix).anyMatch(type -> type.getName().startsWith(prefix));
  }
}
