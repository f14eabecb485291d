# The staged module: its manifest and files, what it exports, and how it is imported next to other modules.

using namespace Microsoft.CodeAnalysis
using namespace Microsoft.CodeAnalysis.CSharp

BeforeAll {
    . $PSScriptRoot/common.ps1
    $data = Import-PowerShellDataFile $ModulePath/PgEdgeUsers.psd1
}

Describe 'The manifest' {
    It 'is valid' {
        $manifest = Test-ModuleManifest $ModulePath/PgEdgeUsers.psd1 -WarningVariable warnings -ErrorVariable errors

        $manifest.Name | Should -Be PgEdgeUsers
        $warnings | Should -BeNullOrEmpty
        $errors | Should -BeNullOrEmpty
    }

    It 'exports each cmdlet by name and nothing else' {
        $attributes = (Get-Command Get-PgEdgeUser).ImplementingType.Assembly.GetExportedTypes() |
            ForEach-Object { $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) }
        $cmdlets = $attributes | ForEach-Object { "$($_.VerbName)-$($_.NounName)" } | Sort-Object

        $data.CmdletsToExport | Sort-Object | Should -Be $cmdlets
        (Get-Module PgEdgeUsers).ExportedCommands.Keys | Sort-Object | Should -Be $cmdlets
        foreach ($kind in 'FunctionsToExport', 'AliasesToExport', 'VariablesToExport') {
            $data.ContainsKey($kind) | Should -BeTrue -Because "PowerShell searches the module without $kind"
            $data[$kind] | Should -BeNullOrEmpty
        }
    }

    It 'has what a gallery needs' {
        $gallery = $data.PrivateData.PSData

        foreach ($text in $data.Description, $data.Author, $gallery.LicenseUri, $gallery.ProjectUri) {
            $text | Should -Not -BeNullOrEmpty
        }
        $gallery.Tags | Should -Contain PSEdition_Core
        $gallery.Tags -match '\s' | Should -BeNullOrEmpty
    }

    It 'names the staged files, apart from help, libraries and the license' {
        $files = Get-ChildItem $ModulePath -File | ForEach-Object Name | Sort-Object

        # The module itself loads the types, once for all copies of it in a session.
        $named = 'LICENSE', 'PgEdgeUsers.psd1', 'PgEdgeUsers.Types.ps1xml', $data.RootModule + $data.FormatsToProcess
        $files | Should -Be ($named | Sort-Object)
        (Get-ChildItem $ModulePath -Directory).Name | Sort-Object | Should -Be en-US, lib
    }
}

Describe 'The cmdlet <_>' -ForEach (Import-PowerShellDataFile $PSScriptRoot/../../PgEdgeUsers.psd1).CmdletsToExport {
    It 'follows the conventions of PowerShell and of the module' {
        $command = Get-Command $_

        $command.Verb | Should -BeIn (Get-Verb).Verb
        $command.Parameters.ContainsKey('WhatIf') | Should -Be ($command.Verb -notin 'Get', 'Test')
        if ($command.Parameters.ContainsKey('Path')) {
            $command.Parameters.Path.Aliases | Should -Be UserFile, FilePath, PSPath
        }
        $command.Parameters.Values | Where-Object Name -Match '^(Password|Token)$' | ForEach-Object ParameterType |
            Where-Object { $_ -ne [securestring] } | Should -BeNullOrEmpty
        $allowed = '^(PgEdgeUsers\.PgEdge\w+|System\.(Boolean|String|IO\.FileInfo|Management\.Automation\.PSObject))$'
        $command.OutputType.Name | Where-Object { $_ -notmatch $allowed } | Should -BeNullOrEmpty
    }
}

Describe 'Import-Module' {
    BeforeAll {
        $file = New-UserFile
    }

    It 'works again, with -Force, and after Remove-Module' {
        1..2 | ForEach-Object {
            Import-Module $ModulePath
            (Get-PgEdgeUser -Path $file).Count
            Import-Module $ModulePath -Force
            (Get-PgEdgeUser -Path $file | Enable-PgEdgeUser -PassThru).Count
            (Get-PgEdgeUser bob -Path $file | Get-Screen)[0]
            Remove-Module PgEdgeUsers
            @(Get-Command *-PgEdge* | Where-Object Source -EQ PgEdgeUsers).Count
        } | Should -Be (@(3, 3, 'Username Created          Last Login       Status   Annotation', 0) * 2)
        Import-Module $ModulePath
    }

    It 'works in a session that loads no modules automatically' {
        Invoke-Pwsh -Command "
            `$PSModuleAutoLoadingPreference = 'None'
            Import-Module '$ModulePath'
            (Get-PgEdgeUser -Path '$file').Username" 2>&1 | Should -Be alice, bob, charlie
    }

    It 'works in an endpoint of Just Enough Administration that <_> the file system' -ForEach 'hides', 'shows' {
        $configuration = "$TestDrive/endpoint.pssc"
        $providers = $_ -eq 'shows' ? @{ VisibleProviders = 'FileSystem' } : @{}
        New-PSSessionConfigurationFile $configuration -SessionType RestrictedRemoteServer @providers `
            -ModulesToImport "$ModulePath" -VisibleCmdlets Set-PgEdgeUser
        $endpoint = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateFromSessionConfigurationFile(
                $configuration))
        $endpoint.Open()
        $env:PGEDGE_AUTH_USER_FILE = $file
        $shell = [powershell]::Create($endpoint)

        try {
            foreach ($path in @{ Path = $file }, @{}) {
                $shell.AddCommand('Set-PgEdgeUser').AddParameters($path).AddParameters(@{
                        Username = 'bob'; Annotation = "On leave $($path.Count)"; PassThru = $true
                    }).Invoke().Annotation | Should -Be "On leave $($path.Count)"
                $shell.Commands.Clear()
            }
            { $shell.AddCommand('Get-PgEdgeUser').AddParameter('Path', $file).Invoke() } |
                Should -Throw '*not recognized*'
        } finally {
            $shell.Dispose()
            $endpoint.Dispose()
        }
    }

    It 'works for a copy in a second folder in the same session' {
        Copy-Item $ModulePath $TestDrive/copy/PgEdgeUsers -Recurse

        $shown = Invoke-Pwsh -Command "
            foreach (`$folder in '$ModulePath', '$TestDrive/copy/PgEdgeUsers') {
                Import-Module `$folder
                (Get-PgEdgeUser -Path '$file' | Enable-PgEdgeUser -PassThru).Username
            }
            (Get-Module PgEdgeUsers).ModuleBase" 2>&1

        $names = 'alice', 'bob', 'charlie'
        $shown | Should -Be ($names + $names + $ModulePath + "$TestDrive/copy/PgEdgeUsers")
    }
}

Describe 'Another YamlDotNet' {
    BeforeAll {
        # Add-Type cannot choose the name of an assembly; the compiler that it uses can.
        Add-Type -AssemblyName Microsoft.CodeAnalysis.CSharp
        $library = Join-Path $TestDrive YamlDotNet.dll
        [SyntaxTree[]] $source = [CSharpSyntaxTree]::ParseText('
            [assembly: System.Reflection.AssemblyVersion("1.2.3.4")]
            namespace YamlDotNet.Serialization { public class Deserializer { public string Name => "other"; } }')
        [MetadataReference[]] $runtime = [MetadataReference]::CreateFromFile([object].Assembly.Location)
        $options = [CSharpCompilationOptions]::new('DynamicallyLinkedLibrary')
        $compilation = [CSharpCompilation]::Create('YamlDotNet', $source, $runtime, $options)
        [FileSystemExtensions]::Emit($compilation, $library).Success | Should -BeTrue

        $useOther = "
            `$null = [System.Reflection.Assembly]::LoadFrom('$library')
            [YamlDotNet.Serialization.Deserializer]::new().Name"
        # Flow style is read by YamlDotNet, and a new password is hashed by BCrypt.
        $file = New-UserFile
        Set-Content $file 'users: {alice: {enabled: true, failed_attempts: 0}}'
        $use = "
            Import-Module '$ModulePath'
            (New-PgEdgeUser bob -GeneratePassword -Path '$file').Username
            Remove-PgEdgeUser bob -Confirm:`$false -WarningAction Ignore -Path '$file'
            (Get-PgEdgeUser -Path '$file').Username"
        $report = '
            [System.Runtime.Loader.AssemblyLoadContext]::All.ForEach({
                $context = $_.Name -eq "Default" ? "default" : "own"
                $_.Assemblies.GetName().Name -match "^(PgEdgeUsers|YamlDotNet|BCrypt)" -replace "^", "$context "
            }) | Sort-Object'
        $loaded = @(
            'default PgEdgeUsers', 'default YamlDotNet'
            'own BCrypt-Net-Next', 'own PgEdgeUsers.Core', 'own YamlDotNet'
        )
    }

    It 'does not disturb the module if it is loaded first' {
        Invoke-Pwsh -Command "$useOther; $use; $report" | Should -Be (@('other', 'bob', 'alice') + $loaded)
    }

    It 'can be loaded after the module, which keeps its libraries out of the default load context' {
        Invoke-Pwsh -Command "$use; $useOther; $report" | Should -Be (@('bob', 'alice', 'other') + $loaded)
    }
}
