package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * The class loader of the first application in a container to use the library: after undeployment
 * it must become unreachable, although the library's clock still ticks.
 */
class ClassLoaderOfTheFirstCallerTest {
  /** The application's code, loaded by its own class loader. */
  public static final class Application implements Callable<Object> {
    private static final InheritableThreadLocal<Object> INHERITED = new InheritableThreadLocal<>();

    @Override
    public Object call() throws Exception {
      INHERITED.set(new Application());
      ByteBufAllocator allocator =
          (ByteBufAllocator)
              Class.forName("dev.tidepool.allocator.ArenaByteBufAllocator")
                  .getField("DEFAULT")
                  .get(null);
      return allocator.directBuffer(100);
    }
  }

  /** A class loader that defines the classes of one prefix, and asks its parent for others. */
  private static final class Redefining extends URLClassLoader {
    private final String prefix;

    Redefining(String prefix, ClassLoader parent) {
      super(new URL[] {location()}, parent);
      this.prefix = prefix;
    }

    private static URL location() {
      return ArenaByteBufAllocator.class.getProtectionDomain().getCodeSource().getLocation();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(prefix)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String file = name.replace('.', '/') + ".class";
      try (InputStream bytes = getParent().getResourceAsStream(file)) {
        if (bytes == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] code = bytes.readAllBytes();
        // With a protection domain of its own, as application class loaders give.
        return defineClass(name, code, 0, code.length, domain());
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    private java.security.ProtectionDomain domain() {
      return new java.security.ProtectionDomain(null, null, this, null);
    }
  }

  private record Used(Object buffer, WeakReference<ClassLoader> application) {}

  private static Used useFromAnApplication(ClassLoader container) throws Exception {
    ClassLoader application = new Redefining(Application.class.getName(), container);
    Callable<?> call =
        (Callable<?>)
            application
                .loadClass(Application.class.getName())
                .getDeclaredConstructor()
                .newInstance();
    AtomicReference<Object> answer = new AtomicReference<>();
    Thread request =
        new Thread(
            () -> {
              try {
                answer.set(call.call());
              } catch (Exception e) {
                answer.set(e);
              }
            });
    request.setContextClassLoader(application);
    request.start();
    request.join();
    return new Used(answer.get(), new WeakReference<>(application));
  }

  private static long clockThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("tidepool-clock"))
        .count();
  }

  @Test
  void theClocksThreadDoesNotPinTheClassLoader() throws Exception {
    // A copy of the library's classes, so that nothing in this process has used it before.
    ClassLoader container = new Redefining("dev.tidepool.allocator.", getClass().getClassLoader());
    long before = clockThreads();
    Used used = useFromAnApplication(container);
    assertThat(used.buffer).isInstanceOf(ByteBuf.class);
    ByteBuf alive = (ByteBuf) used.buffer; // so the clock ticks on
    assertThat(clockThreads()).isGreaterThan(before);
    TestThreads.await(
        "the application's class loader to be collected",
        () -> {
          System.gc();
          return used.application.get() == null;
        });
    alive.release();
    ByteBufAllocator shared = alive.alloc();
    shared.getClass().getMethod("trim").invoke(shared);
  }
}
