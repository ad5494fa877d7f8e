package dev.tidepool.allocator.os;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The C library's heap, which the memory of direct buffers comes from. Freed memory stays in it:
 * glibc itself gives back only what lies at the top of one of its heaps. The JDK has a command that
 * calls glibc's {@code malloc_trim(0)}: {@code jcmd PID System.trim_native_heap} runs it (JDK
 * 17.0.9 and later, Linux with glibc), and so does its diagnostic MBean within the process.
 */
final class NativeHeap {
  private static final InternalLogger logger = InternalLoggerFactory.getInstance(NativeHeap.class);

  private static final String MBEAN = "com.sun.management:type=DiagnosticCommand";
  private static final String OPERATION = "systemTrimNativeHeap";

  private NativeHeap() {}

  /** Gives free memory back to the operating system. False if this machine cannot. */
  static boolean trim() {
    return Command.TRIM != null && Command.TRIM.invoke();
  }

  /** The MBean's command. Found when first needed: looking for it loads the classes of JMX. */
  private record Command(MBeanServer server, ObjectName mbean) {
    static final @Nullable Command TRIM = find();

    /** Null if there is none: a run-time image may lack JMX, another virtual machine the MBean. */
    private static @Nullable Command find() {
      try {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName mbean = new ObjectName(MBEAN);
        if (hasOperation(server, mbean)) {
          return new Command(server, mbean);
        }
        logger.debug("no {} in {}: freed native memory stays with the process", OPERATION, MBEAN);
      } catch (JMException | RuntimeException | LinkageError e) {
        logger.debug("no {}: freed native memory stays with the process", MBEAN, e);
      }
      return null;
    }

    private static boolean hasOperation(MBeanServer server, ObjectName mbean) throws JMException {
      return Arrays.stream(server.getMBeanInfo(mbean).getOperations())
          .anyMatch(operation -> operation.getName().equals(OPERATION));
    }

    boolean invoke() {
      try {
        logger.debug("{}: {}", OPERATION, server.invoke(mbean, OPERATION, null, null));
        return true;
      } catch (JMException | RuntimeException e) {
        logger.debug("{} failed", OPERATION, e);
        return false;
      }
    }
  }
}
