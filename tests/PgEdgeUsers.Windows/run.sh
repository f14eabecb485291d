#!/usr/bin/env bash
# Runs the smoke test of the module in PowerShell for Windows, under Wine. Build the solution first: it stages the
# module.
set -euo pipefail
cd "$(dirname "$0")"

wine=$(command -v wine64 || true)
[[ -z $wine && -x /usr/lib/wine/wine64 ]] && wine=/usr/lib/wine/wine64
if [[ -z $wine ]]; then
    echo 'Windows: not run, because wine64 is not installed.'
    exit
fi

dotnet publish --nologo -v quiet -c Release
pester=$(dotnet msbuild -getProperty:NuGetPackageRoot)pester/6.2.0/tools

umask 077
export WINEDEBUG=-all TERM=xterm POWERSHELL_TELEMETRY_OPTOUT=1
# Without these, and on more than one processor, .NET crashes under Wine.
export DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x60000000 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

# A new installation of Windows for each attempt: with a crash of .NET, Wine may not be usable any more.
run() {
    WINEPREFIX=$(mktemp -d)
    export WINEPREFIX
    "$wine" wineboot -i > /dev/null 2>&1
    "$wine" winecfg -v win10 > /dev/null 2>&1
    local drive=$WINEPREFIX/drive_c result=1
    cp -r bin/Release/net10.0/win-x64/publish "$drive/pwsh"
    cp -r "$pester" "$drive/Pester"
    cp -r ../../out/PgEdgeUsers Smoke.Tests.ps1 run.ps1 "$drive"
    # PowerShell's console needs a terminal.
    local command="taskset -c 0 '$wine' 'C:\\pwsh\\pwsh.exe' -NoProfile -NonInteractive -ExecutionPolicy Bypass"
    timeout 180 script -qec "$command -File 'C:\\run.ps1' 'C:\\result.txt'" /dev/null \
        < /dev/null > "$drive/console.txt" 2>&1 || true
    if [[ -e $drive/result.txt ]]; then
        tr -d '\r' < "$drive/result.txt" | tee bin/result.txt
        result=0
    else
        tail -n 5 "$drive/console.txt"
    fi
    wineserver -k > /dev/null 2>&1 || /usr/lib/wine/wineserver64 -k > /dev/null 2>&1 || true
    rm -rf "$WINEPREFIX"
    return $result
}

rm -f bin/result.txt
for attempt in 1 2 3; do
    run && break
    echo "Windows: attempt $attempt did not run to its end."
done
grep -q ', 0 failed' bin/result.txt
