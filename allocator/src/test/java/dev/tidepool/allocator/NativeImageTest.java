package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The file that tells GraalVM's native image what the library reaches by name, as far as it can be
 * tested without that tool: what it names exists, and it names what the byte code reaches.
 */
class NativeImageTest {
  private static final String FILE =
      "/META-INF/native-image/dev.tidepool/tidepool-allocator/reflect-config.json";

  /** The classes that reach something by name, each with the class of which they do. */
  private static final Map<String, String> REACHED =
      Map.of(
          "dev.tidepool.allocator.ConnectionArenas", "dev.tidepool.allocator.ConnectionArenas",
          "dev.tidepool.allocator.ConnectionHost", "dev.tidepool.allocator.ConnectionHost",
          "dev.tidepool.allocator.memory.CountedByteBuf",
              "dev.tidepool.allocator.memory.CountedByteBuf",
          "dev.tidepool.allocator.memory.RemoteReleases",
              "dev.tidepool.allocator.memory.RemoteReleases",
          "dev.tidepool.allocator.os.DaemonThread$Privileged", "java.security.AccessController",
          "dev.tidepool.allocator.threads.NettyThreads",
              "io.netty.util.concurrent.FastThreadLocalThread");

  private static JavaClasses library;
  private static List<Entry> entries;

  /** A class that the file names, with fields and methods as it names them. */
  private record Entry(String name, boolean allMethods, List<String> fields, List<String> methods) {
    static Entry of(Map<String, Object> json) {
      return new Entry(
          (String) json.get("name"),
          json.get("queryAllPublicMethods") == Boolean.TRUE,
          objects(json, "fields").stream().map(field -> (String) field.get("name")).toList(),
          objects(json, "methods").stream().map(Entry::signature).toList());
    }

    private static String signature(Map<String, Object> method) {
      return method.get("name") + method.get("parameterTypes").toString();
    }

    @SuppressWarnings("unchecked") // as JSON is
    private static List<Map<String, Object>> objects(Map<String, Object> json, String key) {
      return (List<Map<String, Object>>) json.getOrDefault(key, List.of());
    }

    Class<?> type() throws ClassNotFoundException {
      return Class.forName(name, false, NativeImageTest.class.getClassLoader());
    }
  }

  @BeforeAll
  static void read() throws IOException {
    library =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.tidepool.allocator");
    entries = new ArrayList<>();
    try (InputStream file = NativeImageTest.class.getResourceAsStream(FILE)) {
      for (Object each : JSON.std.listFrom(file)) {
        @SuppressWarnings("unchecked") // as JSON is
        Map<String, Object> entry = (Map<String, Object>) each;
        entries.add(Entry.of(entry));
      }
    }
  }

  @Test
  void whatTheFileNamesExists() throws Exception {
    assertThat(entries).isNotEmpty();
    for (Entry entry : entries) {
      List<String> fields =
          Arrays.stream(entry.type().getDeclaredFields()).map(field -> field.getName()).toList();
      List<String> methods =
          Arrays.stream(entry.type().getDeclaredMethods())
              .map(
                  method ->
                      method.getName()
                          + Arrays.stream(method.getParameterTypes()).map(Class::getName).toList())
              .toList();
      assertThat(fields).as("fields of %s", entry.name()).containsAll(entry.fields());
      assertThat(methods).as("methods of %s", entry.name()).containsAll(entry.methods());
    }
  }

  @Test
  void theFileNamesWhatTheByteCodeReachesByName() {
    Set<String> reaching = new TreeSet<>();
    for (JavaClass each : library) {
      each.getAccessesFromSelf().stream()
          .filter(NativeImageTest::isByName)
          .forEach(access -> reaching.add(each.getName()));
    }
    assertThat(reaching).isEqualTo(new TreeSet<>(REACHED.keySet()));
    assertThat(entries)
        .filteredOn(entry -> !entry.allMethods())
        .extracting(Entry::name)
        .containsExactlyInAnyOrderElementsOf(REACHED.values());
  }

  private static boolean isByName(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getName();
    return owner.startsWith("java.lang.reflect.")
        || owner.equals(ServiceLoader.class.getName())
        || (owner.equals(MethodHandles.Lookup.class.getName()) && name.startsWith("find"))
        || (owner.equals(Class.class.getName())
            && (name.equals("forName")
                || name.matches("get(Declared)?(Method|Field|Constructor|Class)s?")
                || name.startsWith("getResource")));
  }

  /** Every field of which a VarHandle is made: those that only a VarHandle writes to. */
  @Test
  void theFileNamesAFieldForEachVarHandle() {
    for (Entry entry : entries) {
      if (entry.name().startsWith("dev.tidepool.") && !entry.allMethods()) {
        long handles =
            library.get(entry.name()).getFields().stream()
                .filter(
                    field -> field.getRawType().isEquivalentTo(java.lang.invoke.VarHandle.class))
                .count();
        assertThat(entry.fields()).as("fields of %s", entry.name()).hasSize((int) handles);
      }
    }
  }

  /** Netty looks for each handler's methods, to call only those that it overrides. */
  @Test
  void theFileNamesEveryHandler() {
    List<String> handlers =
        library.stream()
            .filter(type -> type.isAssignableTo(ChannelHandler.class))
            .filter(type -> !Modifier.isAbstract(type.reflect().getModifiers()))
            .map(JavaClass::getName)
            .toList();
    assertThat(handlers).isNotEmpty();
    assertThat(entries)
        .filteredOn(Entry::allMethods)
        .extracting(Entry::name)
        .containsExactlyInAnyOrderElementsOf(handlers);
  }
}
