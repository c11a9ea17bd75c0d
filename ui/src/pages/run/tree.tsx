// Folders and files as a tree: opened where one looks, walked by keys, as long as it may be.
import { useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { filesQuery } from "../../api/queries";
import { Icon } from "../../components/icons";
import { bytes } from "../../lib/format";
import { nameOf } from "../../lib/kinds";
import { actOf, type Branch, branchesOf, foldersAbove, joinedLists } from "../../lib/tree";

const HEIGHT = 26; // pixels of a row

interface TreeProps {
  runIds: string[]; // of several the files are together
  grows?: boolean; // more files may come
  chosen: string;
  onChoose: (path: string) => void;
}

export function Tree({ runIds, grows = false, chosen, onChoose }: TreeProps) {
  const [opened, setOpened] = useState(() => new Set(foldersAbove(chosen)));
  const [active, setActive] = useState(chosen);
  const place = useRef<HTMLDivElement>(null);
  const folders = useMemo(() => ["", ...opened], [opened]);
  const asked = folders.flatMap((folder) => runIds.map((id) => [folder, id] as const));
  const found = useQueries({ queries: asked.map(([folder, id]) => filesQuery(id, folder, grows)) });
  const lists = joinedLists(asked.map(([folder], at) => [folder, found[at]?.data]));
  const branches = branchesOf(lists);
  const virtual = useVirtualizer({
    count: branches.length,
    getScrollElement: () => place.current,
    estimateSize: () => HEIGHT,
    overscan: 10,
  });
  const at = Math.max(
    0,
    branches.findIndex((one) => one.path === active),
  );
  // Who follows a link into a folder finds it open.
  useEffect(() => {
    const above = foldersAbove(chosen);
    if (above.length > 0) setOpened((now) => new Set([...now, ...above]));
    if (chosen) setActive(chosen);
  }, [chosen]);

  const toggle = (path: string, open: boolean) =>
    setOpened((now) => {
      const next = new Set(now);
      if (open) next.add(path);
      else for (const one of now) if (one === path || one.startsWith(`${path}/`)) next.delete(one);
      return next;
    });
  const go = (to: number) => {
    const branch = branches[Math.min(branches.length - 1, Math.max(0, to))];
    if (!branch) return;
    setActive(branch.path);
    virtual.scrollToIndex(branches.indexOf(branch));
  };
  const hear = (event: React.KeyboardEvent) => {
    const branch = branches[at];
    if (!branch || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = actOf(event.key, branches, at);
    if (!act) return;
    event.preventDefault();
    if (act.kind === "go") go(act.to);
    else if (act.kind === "toggle") toggle(branch.path, !branch.isOpen);
    else press(branch);
  };
  const press = (branch: Branch) => {
    setActive(branch.path);
    if (branch.isFolder) toggle(branch.path, !branch.isOpen);
    onChoose(branch.path);
  };
  return (
    <div
      ref={place}
      className="tree"
      role="tree"
      aria-label="Files"
      tabIndex={0}
      aria-activedescendant={branches[at] ? `branch-${at}` : undefined}
      onKeyDown={hear}
    >
      <div role="none" className="lines-inner" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const branch = branches[item.index];
          if (!branch) return null;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the tree hears the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus
            <div
              key={branch.path}
              id={`branch-${item.index}`}
              role="treeitem"
              aria-level={branch.level}
              aria-setsize={branch.among}
              aria-posinset={branch.place}
              aria-expanded={branch.isFolder ? branch.isOpen : undefined}
              aria-selected={branch.path === chosen}
              className={`branch${item.index === at ? " active" : ""}`}
              style={{
                transform: `translateY(${item.start}px)`,
                paddingLeft: `calc(${branch.level} * 3 * var(--u))`,
              }}
              title={branch.path}
              onClick={() => press(branch)}
            >
              <Icon name={branch.isFolder ? "folder" : "file"} size={14} />
              <span className="branch-name">{nameOf(branch.path)}</span>
              {branch.isFolder ? null : <span className="size">{bytes(branch.size)}</span>}
            </div>
          );
        })}
      </div>
    </div>
  );
}
